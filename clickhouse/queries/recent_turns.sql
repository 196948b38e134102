-- What the store stage remembers of the last quarter of an hour before the collector stopped, oldest first.
-- Parameter: most (UInt32).
WITH (SELECT greatest((SELECT max(ReceivedAt) FROM events), (SELECT max(ReceivedAt) FROM turn_parts)) - INTERVAL 15 MINUTE) AS since
SELECT Project, TraceId, EventId, Dimension, Role
FROM
(
    SELECT Project, TraceId, EventId, Dimension, Role, ReceivedAt FROM events FINAL WHERE ReceivedAt >= since
    UNION ALL
    SELECT Project, TraceId, '', '', Role, ReceivedAt FROM turn_parts WHERE ReceivedAt >= since
)
ORDER BY ReceivedAt DESC
LIMIT {most: UInt32}
