-- One row is one project: a tenant whose events, topics and keys are its own. The newest Version wins.
CREATE TABLE IF NOT EXISTS projects {{onCluster}}
(
    Project String,
    CreatedAt DateTime64(3),
    RetentionDays UInt32, -- 0 = for ever
    Version UInt64
)
ENGINE = {{engine:ReplacingMergeTree(Version)}}
ORDER BY Project
SETTINGS non_replicated_deduplication_window = 1000;

-- One row is one API key, of which only the hash is kept. The newest Version wins.
CREATE TABLE IF NOT EXISTS api_keys {{onCluster}}
(
    KeyId String, -- the part of the key that may be shown
    KeyHash String, -- SHA-256, lower hex
    Project LowCardinality(String),
    Name String,
    Scopes Array(LowCardinality(String)), -- ingest | read | admin
    MonthlyQuota UInt64, -- events; 0 = no limit
    CreatedAt DateTime64(3),
    ExpiresAt Nullable(DateTime64(3)),
    RevokedAt Nullable(DateTime64(3)),
    Version UInt64
)
ENGINE = {{engine:ReplacingMergeTree(Version)}}
ORDER BY KeyId
SETTINGS non_replicated_deduplication_window = 1000;
