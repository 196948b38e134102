-- One row is what one collector took in with one API key since its row before; rows of a month add up when parts merge.
-- ORDER BY serves "how many events did this month bring, by key". Old months go after a year.
CREATE TABLE IF NOT EXISTS key_usage {{onCluster}}
(
    Project LowCardinality(String),
    KeyId String,
    Month Date, -- its first day
    Events UInt64
)
ENGINE = {{engine:SummingMergeTree}}
ORDER BY (Month, Project, KeyId)
TTL Month + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 1000;
