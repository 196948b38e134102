-- What is the state of a project? Placeholders: where (of the time range), topic. Parameters: activeSince, minuteAgo (Int64, unix ms).
SELECT
    count() AS Events,
    uniqExact(SessionId) AS Sessions,
    uniqExactIf(UserId, UserId != '') AS Users,
    countIf({{topic}} = 0) AS Unclustered,
    countIf(AnchorId = 0 AND TextHash != 0) AS Pending,
    uniqExactIf(SessionId, Timestamp > fromUnixTimestamp64Milli({activeSince: Int64})) AS ActiveSessions,
    countIf(ReceivedAt > fromUnixTimestamp64Milli({minuteAgo: Int64})) AS LastMinute,
    if(Events = 0, NULL, toUnixTimestamp64Milli(max(Timestamp))) AS LastEventAt,
    sumMap(map(toString(SessionSource), toUInt64(1))) AS Sources
FROM events FINAL
WHERE {{where}}
