-- How high are the number fields of a topic's events, and of all? Placeholders: where (of the filter), inTopics (true for the topic's events), shared
-- (true for a field that the caller sees). Parameter: numbers (Array(String)). Values that are no number do not count.
SELECT Field, countIf(IsOwn) AS Events, avgIf(Number, IsOwn) AS Mean, avg(Number) AS MeanOfAll
FROM
(
    SELECT Field, UserId, toFloat64OrNull(Fields[Field]) AS Number, {{inTopics}} AS IsOwn
    FROM events FINAL
    ARRAY JOIN {numbers: Array(String)} AS Field
    WHERE {{where}}
)
WHERE isFinite(Number)
GROUP BY Field
HAVING Events > 0 AND {{shared}}
ORDER BY Field
