-- Stores turn parts that are no events. Body: length-delimited Event messages (clickhouse/formats/spool.proto).
INSERT INTO turn_parts
    (Project, TraceId, SpanId, Role, EventId, SessionId, SessionSource, UserId, Name, Fields, Answer, Tools, Model, InputTokens,
     OutputTokens, Cost, LatencyMs, IsError, StatusMessage, SpanIds, Timestamp, ReceivedAt, TextHash)
SELECT
    project, trace_id, span_id, role, event_id, session_id, session_source, user_id, name, mapFromArrays(fields.key, fields.value), answer,
    tools, model, input_tokens, output_tokens, cost, latency_ms, is_error, status_message, span_ids,
    fromUnixTimestamp64Nano(toInt64(least(time_unix_nano, toUInt64(9223372036854775807)))),
    fromUnixTimestamp64Nano(toInt64(received_at)),
    text_hash
FROM input('project String, trace_id String, span_id String, role String, event_id String, session_id String, session_source String,
    user_id String, name String, fields Array(Tuple(key String, value String)), answer String, tools Array(String), model String,
    input_tokens UInt32, output_tokens UInt32, cost Float64, latency_ms Float64, is_error UInt8, status_message String,
    span_ids Array(String), time_unix_nano UInt64, received_at UInt64, text_hash UInt64')
FORMAT Protobuf
