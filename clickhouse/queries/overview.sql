-- What is the state of a project? Placeholder: turns. Parameter: activeSince (Int64, unix ms).
SELECT
    sum(length(TurnTimes)) AS Events,
    count() AS Sessions,
    uniqCombined64Array(14)(arrayFilter(user -> user != 0, arrayDistinct(TurnUsers))) AS Users,
    sum(countEqual(TurnTopics, 0)) AS Unclustered,
    sum(arrayCount((anchor, text) -> anchor = 0 AND text != 0, TurnAnchors, TurnTexts)) AS Pending,
    countIf(TurnTimes[-1] > fromUnixTimestamp64Milli({activeSince: Int64})) AS ActiveSessions,
    if(Sessions = 0, NULL, toUnixTimestamp64Milli(max(TurnTimes[-1]))) AS LastEventAt
FROM view(
{{turns}}
)
