-- How often did each topic come up in a window of time, and in the same window of earlier days? One row per topic, and one for all (IsTotal).
-- Placeholders: turns (without a time range); windows (number: how many earlier windows).
-- Parameters: windowEnd, windowMs, stepMs (Int64, unix ms and ms): window k is [windowEnd − k·stepMs − windowMs, windowEnd − k·stepMs).
-- Result: Id (16 hex digits), IsTotal, Counts (of window 0, the present one, to the last), FirstSeen (unix ms), Before (events before window 0).
SELECT
    leftPad(lower(hex(Topic)), 16, '0') AS Id,
    grouping(Topic) = 1 AS IsTotal,
    countResampleIf(0, {{windows}} + 1, 1)(intDiv(Age, {stepMs: Int64}), Age % {stepMs: Int64} < {windowMs: Int64}) AS Counts,
    min(At) AS FirstSeen,
    countIf(Age >= {windowMs: Int64}) AS Before
FROM
(
    SELECT Topic, toUnixTimestamp64Milli(Time) AS At, {windowEnd: Int64} - 1 - At AS Age
    FROM view(
{{turns}}
)
    ARRAY JOIN TurnTopics AS Topic, TurnTimes AS Time
)
WHERE Age >= 0
GROUP BY GROUPING SETS ((Topic), ())
SETTINGS force_grouping_standard_compatibility = 1
