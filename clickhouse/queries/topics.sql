-- What do users talk about? One row per topic, and one for all of them (IsTotal). Sessions are whole, so that visits and drop-offs are those of the
-- journeys; then only the turns of the filter's topics count. Users are estimated where they are many: exact sets of them for each topic take
-- hundreds of megabytes.
-- Placeholders: turns; countedTopics (TurnTopics, or an array beside it where turns that do not count have the topic uncounted); uncounted (a number that
-- is no topic); buckets, bucketStart, bucketWidth (numbers; unix ns): of the trend. Events before or after it count at its ends, so that a trend sums
-- up to Events.
SELECT
    leftPad(lower(hex(Topic)), 16, '0') AS Id,
    grouping(Topic) = 1 AS IsTotal,
    count() AS Events,
    if(IsTotal, countIf(Turn = FirstCounted), countIf(TopicOrdinal = 1)) AS Sessions,
    uniqCombined64If(14)(User, User != 0 AND (TopicOrdinal = 1 OR IsShared)) AS Users, -- one user's session counts once per topic
    toUnixTimestamp64Milli(min(Time)) AS FirstSeen,
    toUnixTimestamp64Milli(max(Time)) AS LastSeen,
    sum(BeginsStep) AS Visits,
    countIf(Turn = TurnCount AND NOT IsActive) AS DropOffs,
    sum(SaysAgain) AS Rephrases,
    sum(IsError) AS Errors,
    sum(Inputs) AS InputTokens,
    sum(Outputs) AS OutputTokens,
    sum(TurnCost) AS Cost,
    if(countIf(Latency > 0) = 0, 0, sumIf(Latency, Latency > 0) / countIf(Latency > 0)) AS LatencyMs,
    sum(Feeling) / Events AS Sentiment,
    countResample(0, {{buckets}}, 1)(greatest(0, least({{buckets}} - 1, intDiv(toUnixTimestamp64Nano(Time) - {{bucketStart}}, {{bucketWidth}})))) AS Trend
FROM
(
    SELECT
        *,
        length(TurnTimes) AS TurnCount,
        arrayMin(TurnUsers) != arrayMax(TurnUsers) AS IsShared,
        {{countedTopics}} AS CountedTopics,
        arrayFirstIndex(topic -> topic != {{uncounted}}, CountedTopics) AS FirstCounted
    FROM view(
{{marked_turns}}
    )
)
ARRAY JOIN
    CountedTopics AS Topic, arrayEnumerate(CountedTopics) AS Turn, arrayEnumerateUniq(CountedTopics) AS TopicOrdinal, TurnTimes AS Time,
    IsFirst AS BeginsStep, IsRephrase AS SaysAgain, TurnUsers AS User, TurnErrors AS IsError, TurnInputTokens AS Inputs,
    TurnOutputTokens AS Outputs, TurnCosts AS TurnCost, TurnLatencies AS Latency, TurnSentiments AS Feeling
WHERE Topic != {{uncounted}}
GROUP BY Topic WITH ROLLUP
ORDER BY IsTotal DESC, Events DESC, Id
SETTINGS force_grouping_standard_compatibility = 1
