-- Which attributes named the sessions, and how many events came in the last minute? Placeholder: where. Parameter: minuteAgo (Int64, unix ms).
SELECT SessionSource AS Source, count() AS Events, countIf(ReceivedAt > fromUnixTimestamp64Milli({minuteAgo: Int64})) AS LastMinute
FROM events FINAL
WHERE {{where}}
GROUP BY Source
ORDER BY Events DESC, Source
