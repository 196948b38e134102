-- What do the values of each metadata key look like, in the newest events? Parameter: sample (UInt32, events).
-- Result per Field: Events, DistinctValues, and, weighted by events: NumberShare, IntegerShare, IdShare (UUID, e-mail, long hex, long digits, ULID),
-- MeanLength (characters), MeanWords, LineBreakShare, EntropyBits.
WITH
    match(Value, '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$') AS IsNumber,
    match(Value, '^[+-]?[0-9]+$') AS IsInteger,
    match(Value, '^(?i)([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|[0-9a-f]{16,}|[0-9]{9,}|[0-9A-HJKMNP-TV-Z]{26}|[^@ ]+@[^@ ]+[.][^@ ]+)$')
        OR (length(Value) >= 12 AND match(Value, '^[A-Za-z]{0,12}[_:-]?[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*$') AND match(Value, '[0-9].*[A-Za-z].*[0-9]|[A-Za-z].*[0-9].*[A-Za-z]')) AS IsId
SELECT
    Field,
    sum(Uses) AS Events,
    count() AS DistinctValues,
    sumIf(Uses, IsNumber) / Events AS NumberShare,
    sumIf(Uses, IsInteger) / Events AS IntegerShare,
    sumIf(Uses, IsId) / Events AS IdShare,
    sum(Uses * lengthUTF8(Value)) / Events AS MeanLength,
    sum(Uses * (1 + countSubstrings(Value, ' '))) / Events AS MeanWords,
    sumIf(Uses, position(Value, '\n') > 0) / Events AS LineBreakShare,
    log2(Events) - sum(Uses * log2(Uses)) / Events AS EntropyBits
FROM
(
    SELECT Field, Value, count() AS Uses
    FROM
    (
        {{newest_fields}}
    )
    ARRAY JOIN mapKeys(Fields) AS Field, mapValues(Fields) AS Value
    WHERE Value != ''
    GROUP BY Field, Value
)
GROUP BY Field
ORDER BY Field
