-- Which values of the enum fields go with a topic? Placeholders: where (of the filter), inTopics (true for the topic's events), shared (true for
-- a value that the caller sees).
-- Parameters: enums (Array(String)), least (UInt32: events a value needs). Result: Field, Value, TopicEvents, Events, and of all events that carry
-- the field: TopicField, AllField.
SELECT Field, Value, countIf({{inTopics}}) AS TopicEvents, count() AS Events,
    sum(TopicEvents) OVER (PARTITION BY Field) AS TopicField, sum(Events) OVER (PARTITION BY Field) AS AllField
FROM events FINAL
ARRAY JOIN {enums: Array(String)} AS Field
WHERE {{where}}
GROUP BY Field, Fields[Field] AS Value
HAVING Value != ''
QUALIFY Events >= {least: UInt32} AND {{shared}}
ORDER BY Field, TopicEvents DESC, Value
LIMIT 100 BY Field
