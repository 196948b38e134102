-- One row is a project's map: a place on a plane for every landmark of the clusterer. The newest Version wins, whole. Arrays run side by side;
-- what lies at a place, and in which topic, is asked of events and anchor_topics, so that nothing here outlives what was erased.
CREATE TABLE IF NOT EXISTS maps {{onCluster}}
(
    Project LowCardinality(String),
    SpaceId LowCardinality(String), -- the vector space it was made in
    AnchorIds Array(UInt64),
    Xs Array(Float32),
    Ys Array(Float32),
    Version UInt64 -- unix ms of the drawing
)
ENGINE = {{engine:ReplacingMergeTree(Version)}}
ORDER BY Project
SETTINGS non_replicated_deduplication_window = 1000;

-- Nothing ever stored vectors: every provider keeps its own in memory.
DROP TABLE IF EXISTS embeddings {{onCluster}};
