-- Which attributes named the sessions, and how many events came in the last minute? Placeholders: where, shared (true for a
-- source that the caller sees). Parameter: minuteAgo (Int64, unix ms).
SELECT SessionSource AS Source, count() AS Events, countIf(ReceivedAt > fromUnixTimestamp64Milli({minuteAgo: Int64})) AS LastMinute
FROM events FINAL
WHERE {{where}}
GROUP BY Source
HAVING {{shared}}
ORDER BY Events DESC, Source
