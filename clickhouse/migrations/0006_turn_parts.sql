-- What kind of span an event's text came from, and which spans its tokens, cost and answer came from: none is counted twice.
ALTER TABLE events {{onCluster}}
    ADD COLUMN IF NOT EXISTS Role LowCardinality(String), -- track | call | log | agent
    ADD COLUMN IF NOT EXISTS SpanIds Array(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS TextLength UInt32; -- characters; also where the text itself is not kept

-- One row is what a span without a new message of the user says of a trace: its session, the tokens and the answer of a
-- later call, the call whose text came in log records. Such spans may arrive before, with or after the event's own.
-- ORDER BY serves the store stage, which reads a trace's parts to complete its events. Rows go after a day: by then a trace
-- has told everything.
CREATE TABLE IF NOT EXISTS turn_parts {{onCluster}}
(
    Project LowCardinality(String),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    Role LowCardinality(String), -- step | detail | tool | context, or the role of an event that told its turn again
    EventId String CODEC(ZSTD(1)), -- '' when the span does not say of which turn it is
    SessionId String CODEC(ZSTD(1)),
    SessionSource LowCardinality(String),
    UserId String CODEC(ZSTD(1)),
    Name LowCardinality(String),
    Fields Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Answer String CODEC(ZSTD(1)),
    Tools Array(LowCardinality(String)),
    Model LowCardinality(String),
    InputTokens UInt32,
    OutputTokens UInt32,
    Cost Float64, -- US dollars
    LatencyMs Float64,
    IsError UInt8,
    StatusMessage String CODEC(ZSTD(1)),
    SpanIds Array(String) CODEC(ZSTD(1)),
    Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)),
    ReceivedAt DateTime64(9) CODEC(Delta, ZSTD(1)),
    INDEX idx_received_at ReceivedAt TYPE minmax GRANULARITY 1,
    INDEX idx_session_id SessionId TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_user_id UserId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {{engine:ReplacingMergeTree(ReceivedAt)}}
ORDER BY (Project, TraceId, SpanId, Role, EventId)
TTL toDateTime(ReceivedAt) + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;
