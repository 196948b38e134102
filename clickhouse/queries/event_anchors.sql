-- Which anchors do events' main texts belong to? Parameter: events (Array(String)).
-- Result: EventId, Anchor (UInt64 as text; 0 = none yet, or one that no topic can have: the embedding has no vector for the text).
SELECT EventId, if(Similarity < -1, '0', toString(AnchorId)) AS Anchor
FROM events FINAL
WHERE Project = {project: String} AND DimensionRank = 0 AND EventId IN {events: Array(String)}
