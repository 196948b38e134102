-- Rows of session_turns from rows of `events`: what its materialized view does, and what fills it anew.
-- EventKeys order and tell apart like the first 16 characters of the event ids. A field is a hash of key and value: equality is all it serves.
-- Placeholder: source (rows of `events`, all versions of them).
SELECT
    Project,
    SessionId,
    min(Timestamp) AS StartedAt,
    max(Timestamp) AS EndedAt,
    groupArray(Timestamp) AS Times,
    groupArray(reinterpretAsUInt128(reverse(rightPad(substring(EventId, 1, 16), 16, '\0')))) AS EventKeys,
    groupArray(Version) AS Versions,
    groupArray(IsDeleted) AS Deleted,
    groupArray(AnchorId) AS AnchorIds,
    groupArray(ArrivalTopicId) AS ArrivalTopicIds,
    groupArray(TextHash) AS TextHashes,
    groupArray(if(UserId = '', 0, cityHash64(UserId))) AS Users,
    groupArray(toString(Name)) AS Names,
    groupArray(arrayMap((key, value) -> cityHash64(toString(key), value), mapKeys(Fields), mapValues(Fields))) AS FieldHashes,
    groupArray(IsError) AS Errors,
    groupArray(LatencyMs) AS LatenciesMs,
    groupArray(events.InputTokens) AS InputTokens,
    groupArray(events.OutputTokens) AS OutputTokens,
    groupArray(Cost) AS Costs,
    groupArray(Sentiment) AS Sentiments
FROM {{source}}
WHERE DimensionRank = 0
GROUP BY Project, SessionId
