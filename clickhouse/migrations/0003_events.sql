-- One row is one user text under one dimension of one event. DimensionRank 0 marks the event's main text: counting rows
-- of rank 0 counts events.
-- ORDER BY serves journeys: a session's events are read in time order without sorting.
-- A row with the same key and a higher Version replaces the older one (a late session, a corrected text); IsDeleted = 1
-- removes it. Read with FINAL. Rows go by erasure of a user or session and by the project's retention.
-- Replaces 7a229474fc4390c7b42128c87a5f71d78cb65d293ccd4f00b32379d7fc8b601d
-- (it had granules of 8192 rows: to show one session a fifth more time went into unpacking its neighbours)
CREATE TABLE IF NOT EXISTS events {{onCluster}}
(
    Project LowCardinality(String),
    EventId String CODEC(ZSTD(1)),
    SessionId String CODEC(ZSTD(1)),
    SessionSource LowCardinality(String), -- which attribute named the session; 'trace' when none did
    UserId String CODEC(ZSTD(1)),
    Name LowCardinality(String),
    Dimension LowCardinality(String), -- the metadata key the text stood under; 'prompt' for GenAI spans
    DimensionRank UInt8,
    Text String CODEC(ZSTD(1)),
    TextHash UInt64, -- 0 when the text is empty
    AnchorId UInt64, -- 0 until the topics stage has seen the text
    ArrivalTopicId UInt64, -- the topic voted at arrival, shown until the anchor is part of a published run
    Similarity Float32, -- cosine to the anchor's vector, -1…1
    OutlierScore Float32, -- ≥ 0; robust z-score of the distance to the nearest landmarks
    Sentiment Float32, -- -1…1
    Fields Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Answer String CODEC(ZSTD(1)), -- the assistant's reply, where the instrumentation sent it
    Tools Array(LowCardinality(String)),
    Model LowCardinality(String),
    InputTokens UInt32,
    OutputTokens UInt32,
    Cost Float64, -- US dollars
    LatencyMs Float64,
    IsError UInt8,
    StatusMessage String CODEC(ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)),
    ReceivedAt DateTime64(9) CODEC(Delta, ZSTD(1)),
    Version UInt64 CODEC(Delta, ZSTD(1)),
    IsDeleted UInt8,
    INDEX idx_event_id EventId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_user_id UserId TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_text_hash TextHash TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_received_at ReceivedAt TYPE minmax GRANULARITY 1,
    INDEX idx_anchor_id AnchorId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {{engine:ReplacingMergeTree(Version, IsDeleted)}}
PARTITION BY toYYYYMM(Timestamp)
ORDER BY (Project, SessionId, Timestamp, EventId, Dimension)
SETTINGS index_granularity = 2048, non_replicated_deduplication_window = 10000;

-- One row is what is known of one metadata key of a project: its kind, why, and what a person said instead.
-- The newest Version wins.
CREATE TABLE IF NOT EXISTS fields {{onCluster}}
(
    Project LowCardinality(String),
    Field String,
    Kind LowCardinality(String), -- text | enum | number
    Evidence String, -- JSON: what the decision rests on
    Override LowCardinality(String), -- '' when nobody overruled the kind
    Events UInt64,
    Version UInt64
)
ENGINE = {{engine:ReplacingMergeTree(Version)}}
ORDER BY (Project, Field)
SETTINGS non_replicated_deduplication_window = 1000;
