-- Everything that is known of some traces: their events, and the parts that are none (Version 0, without a text).
-- Parameters: project, traces (Array(String)). Times are Unix nanoseconds; 64-bit numbers come as text.
SELECT
    Role, EventId, SessionId, SessionSource, UserId, Name, Dimension, DimensionRank, Text, TextLength, Fields, Answer, Tools, Model,
    InputTokens, OutputTokens, Cost, LatencyMs, IsError, StatusMessage, TraceId, SpanId, SpanIds,
    toString(toUnixTimestamp64Nano(Timestamp)) AS Time, toString(toUnixTimestamp64Nano(ReceivedAt)) AS Received, toString(Version) AS Version,
    toString(TextHash) AS TextHash, toString(AnchorId) AS AnchorId, toString(ArrivalTopicId) AS ArrivalTopicId,
    Similarity, OutlierScore, Sentiment
FROM
(
    SELECT
        Role, EventId, SessionId, SessionSource, UserId, Name, Dimension, DimensionRank, Text, TextLength, Fields, Answer, Tools, Model,
        InputTokens, OutputTokens, Cost, LatencyMs, IsError, StatusMessage, TraceId, SpanId, SpanIds, Timestamp, ReceivedAt, Version,
        TextHash, AnchorId, ArrivalTopicId, Similarity, OutlierScore, Sentiment
    FROM events FINAL
    WHERE Project = {project: String} AND TraceId IN {traces: Array(String)} AND Role IN ('call', 'log', 'agent')
    UNION ALL
    SELECT
        Role, EventId, SessionId, SessionSource, UserId, Name, '', 0, '', 0, Fields, Answer, Tools, Model,
        InputTokens, OutputTokens, Cost, LatencyMs, IsError, StatusMessage, TraceId, SpanId, SpanIds, Timestamp, ReceivedAt, 0,
        TextHash, 0, 0, 0, 0, 0
    FROM turn_parts FINAL
    WHERE Project = {project: String} AND TraceId IN {traces: Array(String)}
)
