-- The most frequent values of some fields that are not one person's: each seen in several sessions of the newest events.
-- Parameters: fields (Array(String)), sessions (UInt32: fewer name nobody), sample (UInt32, events), perField (UInt32). Result: Field, Value.
SELECT Field, Value
FROM
(
    {{newest_fields}}
)
ARRAY JOIN mapKeys(Fields) AS Field, mapValues(Fields) AS Value
WHERE Value != '' AND Field IN {fields: Array(String)}
GROUP BY Field, Value
HAVING uniqExact(SessionId) >= {sessions: UInt32}
ORDER BY count() DESC, Field, Value
LIMIT {perField: UInt32} BY Field
