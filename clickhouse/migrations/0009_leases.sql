-- One row is a claim of one collector to cluster one project. The newest Version holds, until it expires.
-- ORDER BY serves "who leads this project"; older claims go when parts merge.
CREATE TABLE IF NOT EXISTS leases {{onCluster}}
(
    Project String,
    Holder String, -- host, process id and a random part
    ExpiresAt DateTime64(3),
    Version UInt64 -- microseconds since 1970, by the server's clock
)
ENGINE = {{engine:ReplacingMergeTree(Version)}}
ORDER BY Project
SETTINGS non_replicated_deduplication_window = 0;
