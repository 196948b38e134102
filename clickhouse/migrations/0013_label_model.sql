-- One row is one call of the language model that words topics, and what it cost: a month's budget outlives the process.
-- ORDER BY serves the month's sum. Rows go after a year.
CREATE TABLE IF NOT EXISTS label_calls {{onCluster}}
(
    At DateTime64(3) CODEC(Delta, ZSTD(1)),
    Model LowCardinality(String),
    InputTokens UInt64, -- as the server says, else an estimate
    OutputTokens UInt64,
    Cost Float64 -- US dollars
)
ENGINE = {{engine:MergeTree}}
ORDER BY At
TTL toDateTime(At) + INTERVAL 1 YEAR
SETTINGS non_replicated_deduplication_window = 1000;

-- One row is what the model last said when it was asked so; the newest At wins. Label = '': its answer did not pass the checks.
-- ORDER BY serves the question whether it was asked before. Rows go when nobody has asked for half a year.
CREATE TABLE IF NOT EXISTS label_answers {{onCluster}}
(
    Question FixedString(64), -- SHA-256 of all that it was asked, lower hex
    TopicId String, -- lower hex
    TopicSize UInt64, -- messages of the topic when it was asked
    Label String,
    Description String,
    At DateTime64(3)
)
ENGINE = {{engine:ReplacingMergeTree(At)}}
ORDER BY Question
TTL toDateTime(At) + INTERVAL 180 DAY
SETTINGS non_replicated_deduplication_window = 1000;
