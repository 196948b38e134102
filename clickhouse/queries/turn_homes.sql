-- Events that later calls of other traces may go on with. 64-bit hashes come as text, times as Unix nanoseconds.
-- Parameters: project, sessions (Array(String)), hashes (Array(UInt64)).
SELECT SessionId, toString(TextHash) AS Hash, TraceId, EventId, toString(toUnixTimestamp64Nano(Timestamp)) AS Time
FROM events FINAL
WHERE Project = {project: String} AND SessionId IN {sessions: Array(String)} AND TextHash IN {hashes: Array(UInt64)}
    AND Role IN ('call', 'log', 'agent')
