-- Which values do the enum fields have, most frequent first? Placeholders: where, shared (true for a value that the
-- caller sees). Parameters: enums (Array(String)), limit (UInt32: per field).
-- Result: Field, Value, Events, and of the whole field: AllValues, AllEvents.
SELECT Field, Value, count() AS Events, count() OVER (PARTITION BY Field) AS AllValues, sum(Events) OVER (PARTITION BY Field) AS AllEvents
FROM events FINAL
ARRAY JOIN {enums: Array(String)} AS Field
WHERE {{where}}
GROUP BY Field, Fields[Field] AS Value
HAVING Value != ''
QUALIFY {{shared}}
ORDER BY Field, Events DESC, Value
LIMIT {limit: UInt32} BY Field
