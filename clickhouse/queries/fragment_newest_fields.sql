-- The fields of a project's newest events. Parameter: sample (UInt32, events). Result: Fields, SessionId.
-- The time of the oldest of them is found first, so that the fields of millions of others are not read (FINAL would).
SELECT Fields, SessionId
FROM
(
    SELECT Fields, SessionId, IsDeleted
    FROM events
    WHERE Project = {project: String} AND DimensionRank = 0 AND ReceivedAt >=
    (
        SELECT min(ReceivedAt)
        FROM (SELECT ReceivedAt FROM events WHERE Project = {project: String} AND DimensionRank = 0 ORDER BY ReceivedAt DESC LIMIT {sample: UInt32})
    )
    ORDER BY Version DESC
    LIMIT 1 BY SessionId, Timestamp, EventId
)
WHERE NOT IsDeleted
LIMIT {sample: UInt32}
