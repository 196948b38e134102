-- What do users talk about? One row per topic, and one for all of them (IsTotal). Sessions are whole, so that visits and drop-offs are those of the
-- journeys; then only the turns of the filter's topics count. Users are estimated where they are many: exact sets of them for each topic take
-- hundreds of megabytes.
-- Placeholders: turns; countedTopics (TurnTopics, or an array beside it where turns that do not count have the topic uncounted); uncounted (a number that
-- is no topic); buckets, bucketStart, bucketWidth (numbers; unix ns): of the trend. Events before or after it count at its ends, so that a trend sums
-- up to Events.
SELECT
    leftPad(lower(hex(Topic)), 16, '0') AS Id,
    grouping(Topic) = 1 AS IsTotal,
    sum(TopicEvents) AS Events,
    if(IsTotal, sum(SessionCount), sum(Visitors)) AS Sessions,
    uniqCombined64Merge(14)(UserState) AS Users,
    toUnixTimestamp64Milli(min(First)) AS FirstSeen,
    toUnixTimestamp64Milli(max(Last)) AS LastSeen,
    sum(VisitCount) AS Visits,
    sum(DropOffCount) AS DropOffs,
    sum(RephraseCount) AS Rephrases,
    sum(ErrorCount) AS Errors,
    sum(InputTokenSum) AS InputTokens,
    sum(OutputTokenSum) AS OutputTokens,
    sum(CostSum) AS Cost,
    if(sum(Timed) = 0, 0, sum(LatencySum) / sum(Timed)) AS LatencyMs,
    sum(SentimentSum) / Events AS Sentiment,
    sumForEach(Buckets) AS Trend
FROM
(
    SELECT
        Topic,
        count() AS TopicEvents,
        countIf(Turn = FirstCounted) AS SessionCount,
        countIf(TopicOrdinal = 1) AS Visitors,
        uniqCombined64StateIf(14)(User, User != 0 AND (TopicOrdinal = 1 OR IsShared)) AS UserState, -- one user's session counts once per topic
        min(Time) AS First,
        max(Time) AS Last,
        sum(BeginsStep) AS VisitCount,
        countIf(Turn = TurnCount AND NOT IsActive) AS DropOffCount,
        sum(Rephrases) AS RephraseCount,
        sum(IsError) AS ErrorCount,
        sum(Inputs) AS InputTokenSum,
        sum(Outputs) AS OutputTokenSum,
        sum(TurnCost) AS CostSum,
        countIf(Latency > 0) AS Timed,
        sumIf(Latency, Latency > 0) AS LatencySum,
        sum(Feeling) AS SentimentSum,
        countResample(0, {{buckets}}, 1)(greatest(0, least({{buckets}} - 1, intDiv(toUnixTimestamp64Nano(Time) - {{bucketStart}}, {{bucketWidth}})))) AS Buckets
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
        IsFirst AS BeginsStep, IsRephrase AS Rephrases, TurnUsers AS User, TurnErrors AS IsError, TurnInputTokens AS Inputs,
        TurnOutputTokens AS Outputs, TurnCosts AS TurnCost, TurnLatencies AS Latency, TurnSentiments AS Feeling
    WHERE Topic != {{uncounted}}
    GROUP BY Topic
)
GROUP BY GROUPING SETS ((Topic), ())
ORDER BY IsTotal DESC, Events DESC, Id
SETTINGS force_grouping_standard_compatibility = 1
