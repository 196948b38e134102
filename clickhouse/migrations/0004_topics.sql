-- One row is one text's vector in one vector space. Only slow providers store here; the builtin table recomputes faster
-- than it could read.
CREATE TABLE IF NOT EXISTS embeddings {{onCluster}}
(
    ModelId LowCardinality(String),
    TextHash UInt64,
    Vector Array(BFloat16),
    CreatedAt DateTime DEFAULT now()
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (ModelId, TextHash)
SETTINGS non_replicated_deduplication_window = 1000;

-- One row says where one anchor belongs since a run. Readers take the newest Version that is published.
CREATE TABLE IF NOT EXISTS anchor_topics {{onCluster}}
(
    Project LowCardinality(String),
    AnchorId UInt64,
    SubtopicId UInt64,
    TopicId UInt64, -- 0 = Unclustered
    ThemeId UInt64,
    Version UInt64
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (Project, AnchorId, Version)
SETTINGS non_replicated_deduplication_window = 1000;

-- One row is one topic as of a run or an edit; the newest Version wins.
CREATE TABLE IF NOT EXISTS topics {{onCluster}}
(
    Project LowCardinality(String),
    Level LowCardinality(String), -- subtopic | topic | theme
    TopicId UInt64,
    ParentId UInt64,
    State LowCardinality(String), -- active | retired
    RedirectTo UInt64, -- where a merged or retired topic's readers are sent; 0 = nowhere
    Label String,
    Description String,
    LabelSource LowCardinality(String), -- phrase | llm | user
    Keyphrases Array(String),
    Examples Array(String), -- central messages, most central first
    Hidden UInt8,
    Pinned UInt8,
    Mass UInt64, -- messages at the time of the run
    BornAt DateTime64(3),
    Version UInt64
)
ENGINE = {{engine:ReplacingMergeTree(Version)}}
ORDER BY (Project, Level, TopicId)
SETTINGS non_replicated_deduplication_window = 1000;

-- One row is one step in the life of topics: born, split, merged, retired.
CREATE TABLE IF NOT EXISTS topic_lineage {{onCluster}}
(
    Project LowCardinality(String),
    Version UInt64,
    At DateTime64(3),
    Level LowCardinality(String),
    Kind LowCardinality(String), -- born | split | merge | retired
    FromId UInt64,
    ToId UInt64,
    Mass UInt64
)
ENGINE = {{engine:MergeTree}}
ORDER BY (Project, At, Level, ToId)
SETTINGS non_replicated_deduplication_window = 1000;

-- One row is one clustering run. Its row is written last: a run exists for readers from then on.
CREATE TABLE IF NOT EXISTS clustering_runs {{onCluster}}
(
    Project LowCardinality(String),
    Version UInt64,
    SpaceId LowCardinality(String),
    At DateTime64(3),
    Messages UInt64,
    Topics UInt32,
    Gamma Float64,
    Modularity Float64,
    Silhouette Float64,
    Churn Float64, -- share of earlier messages whose topic changed, 0…1
    DurationMs Float64,
    Trigger LowCardinality(String) -- schedule | edit | model
)
ENGINE = {{engine:MergeTree}}
ORDER BY (Project, Version)
SETTINGS non_replicated_deduplication_window = 1000;

-- One row is one edit by a person, a constraint for every later run. Undone = 1 in a newer Version takes it back.
CREATE TABLE IF NOT EXISTS topic_edits {{onCluster}}
(
    Project LowCardinality(String),
    EditId String,
    At DateTime64(3),
    Author String,
    Kind LowCardinality(String), -- rename | merge | split | move | pin | hide
    TopicId UInt64,
    Arguments String, -- JSON
    Undone UInt8,
    Version UInt64
)
ENGINE = {{engine:ReplacingMergeTree(Version)}}
ORDER BY (Project, EditId)
SETTINGS non_replicated_deduplication_window = 1000;

-- One row is a piece of a clusterer's saved state, so that a restart goes on where it stopped. The newest whole Version wins.
CREATE TABLE IF NOT EXISTS clusterer_states {{onCluster}}
(
    Project LowCardinality(String),
    SpaceId LowCardinality(String),
    Version UInt64,
    Part UInt32,
    Parts UInt32,
    SavedAt DateTime64(9), -- events received later are not part of it
    Data String CODEC(NONE)
)
ENGINE = {{engine:MergeTree}}
ORDER BY (Project, SpaceId, Version, Part)
TTL toDateTime(SavedAt) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000;

-- Where every anchor belongs now, in memory: queries turn an event's AnchorId into its topic with one look-up.
CREATE DICTIONARY IF NOT EXISTS anchor_topics_now {{onCluster}}
(
    AnchorId UInt64,
    SubtopicId UInt64,
    TopicId UInt64,
    ThemeId UInt64
)
PRIMARY KEY AnchorId
SOURCE(CLICKHOUSE(QUERY '
    SELECT AnchorId, argMax(SubtopicId, Version) AS SubtopicId, argMax(TopicId, Version) AS TopicId, argMax(ThemeId, Version) AS ThemeId
    FROM {{database}}.anchor_topics
    GROUP BY AnchorId'))
LAYOUT(HASHED())
LIFETIME(0);
