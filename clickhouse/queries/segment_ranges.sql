-- How far do the number fields reach? Placeholder: where. Parameter: numbers (Array(String)). Values that are no number do not count.
SELECT Field, count() AS Events, min(Number) AS Low, max(Number) AS High, avg(Number) AS Mean
FROM
(
    SELECT Field, toFloat64OrNull(Fields[Field]) AS Number
    FROM events FINAL
    ARRAY JOIN {numbers: Array(String)} AS Field
    WHERE {{where}}
)
WHERE isFinite(Number)
GROUP BY Field
