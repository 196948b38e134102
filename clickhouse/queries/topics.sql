-- What do users talk about? One row per topic, and one for all of them (IsTotal).
-- Placeholders: topic, where; buckets, bucketStart, bucketWidth (numbers; unix ms): of the trend. Events before or after it count at its ends,
-- so that a trend sums up to Events.
SELECT
    leftPad(lower(hex({{topic}} AS Topic)), 16, '0') AS Id,
    grouping(Topic) = 1 AS IsTotal,
    count() AS Events,
    uniqExact(SessionId) AS Sessions,
    uniqExactIf(UserId, UserId != '') AS Users,
    toUnixTimestamp64Milli(min(Timestamp)) AS FirstSeen,
    toUnixTimestamp64Milli(max(Timestamp)) AS LastSeen,
    countIf(events.IsError = 1) AS Errors,
    sum(events.InputTokens) AS InputTokens,
    sum(events.OutputTokens) AS OutputTokens,
    sum(events.Cost) AS Cost,
    if(countIf(events.LatencyMs > 0) = 0, 0, avgIf(events.LatencyMs, events.LatencyMs > 0)) AS LatencyMs,
    avg(events.Sentiment) AS Sentiment,
    countResample(0, {{buckets}}, 1)(greatest(0, least({{buckets}} - 1, intDiv(toUnixTimestamp64Milli(Timestamp) - {{bucketStart}}, {{bucketWidth}})))) AS Trend
FROM events FINAL
WHERE {{where}}
GROUP BY GROUPING SETS ((Topic), ())
ORDER BY IsTotal DESC, Events DESC, Topic
SETTINGS force_grouping_standard_compatibility = 1
