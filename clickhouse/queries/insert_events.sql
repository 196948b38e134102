-- Stores events. Body: length-delimited Event messages (clickhouse/formats/spool.proto), as the store stage completed them.
INSERT INTO events
    (Project, EventId, SessionId, SessionSource, UserId, Name, Dimension, DimensionRank, Text, TextHash, AnchorId, ArrivalTopicId,
     Similarity, OutlierScore, Sentiment, Fields, Answer, Tools, Model, InputTokens, OutputTokens, Cost, LatencyMs, IsError,
     StatusMessage, TraceId, SpanId, Timestamp, ReceivedAt, Version, IsDeleted,
     Role, SpanIds, TextLength)
SELECT
    project, event_id, session_id, session_source, user_id, name, dimension, dimension_rank, text, text_hash, anchor_id, arrival_topic_id,
    similarity, outlier_score, sentiment, mapFromArrays(fields.key, fields.value), answer, tools, model, input_tokens, output_tokens, cost,
    latency_ms, is_error, status_message, trace_id, span_id,
    fromUnixTimestamp64Nano(toInt64(least(time_unix_nano, toUInt64(9223372036854775807)))),
    fromUnixTimestamp64Nano(toInt64(received_at)),
    if(version = 0, received_at, version),
    is_deleted,
    role,
    span_ids,
    text_length
FROM input('event_id String, session_id String, session_source String, user_id String, name String, dimension String,
    dimension_rank UInt8, text String, fields Array(Tuple(key String, value String)), answer String, tools Array(String), model String,
    input_tokens UInt32, output_tokens UInt32, cost Float64, latency_ms Float64, is_error UInt8, status_message String, trace_id String,
    span_id String, time_unix_nano UInt64, project String, received_at UInt64, text_hash UInt64, anchor_id UInt64,
    arrival_topic_id UInt64, similarity Float32, outlier_score Float32, sentiment Float32, is_deleted UInt8, version UInt64, role String,
    span_ids Array(String), text_length UInt32')
FORMAT Protobuf
