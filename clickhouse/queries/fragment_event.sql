-- One event as the API shows it: columns of a SELECT over `events FINAL`.
-- Placeholders: topicOfEvent, subtopicOfEvent, themeOfEvent: its topic on each level, whatever level the request asks for.
    EventId, SessionId, SessionSource, UserId,
    toUnixTimestamp64Milli(Timestamp) AS At,
    Name, Dimension, Text, Fields,
    leftPad(lower(hex({{topicOfEvent}})), 16, '0') AS TopicId,
    leftPad(lower(hex({{subtopicOfEvent}})), 16, '0') AS SubtopicId,
    leftPad(lower(hex({{themeOfEvent}})), 16, '0') AS ThemeId,
    Similarity, OutlierScore, Answer, Tools, Model, InputTokens, OutputTokens, Cost, LatencyMs, events.IsError = 1 AS IsError, StatusMessage, Sentiment,
    TraceId, SpanId
