-- One row is what one insert brought of one session; rows of a session become one when parts merge, their arrays one behind the other.
-- Element i of every array is one version of one event's main text. Topics and journeys over many sessions read this table:
-- a session is a row here, so nothing need be grouped, and the topics of its anchors are looked up when it is read.
-- Readers put turns in order, keep the newest Version of each event and leave out Deleted ones (fragment_turns_stored.sql).
-- Arrays keep the default codec, LZ4: every page of topics and journeys unpacks them all.
-- ORDER BY serves the merge of a session's rows and the erasure of sessions. Rows go when their session is erased or outlives the project's retention.
CREATE TABLE IF NOT EXISTS session_turns {{onCluster}}
(
    Project LowCardinality(String),
    SessionId String CODEC(ZSTD(1)),
    StartedAt SimpleAggregateFunction(min, DateTime64(9)) CODEC(ZSTD(1)),
    EndedAt SimpleAggregateFunction(max, DateTime64(9)) CODEC(ZSTD(1)),
    Times SimpleAggregateFunction(groupArrayArray, Array(DateTime64(9))),
    EventKeys SimpleAggregateFunction(groupArrayArray, Array(UInt128)), -- the first 16 characters of the event id
    Versions SimpleAggregateFunction(groupArrayArray, Array(UInt64)),
    Deleted SimpleAggregateFunction(groupArrayArray, Array(UInt8)),
    AnchorIds SimpleAggregateFunction(groupArrayArray, Array(UInt64)),
    ArrivalTopicIds SimpleAggregateFunction(groupArrayArray, Array(UInt64)),
    TextHashes SimpleAggregateFunction(groupArrayArray, Array(UInt64)),
    Users SimpleAggregateFunction(groupArrayArray, Array(UInt64)), -- cityHash64 of the user id; 0 = none
    Names SimpleAggregateFunction(groupArrayArray, Array(String)),
    FieldHashes SimpleAggregateFunction(groupArrayArray, Array(Array(UInt64))), -- cityHash64 of key and value
    Errors SimpleAggregateFunction(groupArrayArray, Array(UInt8)),
    LatenciesMs SimpleAggregateFunction(groupArrayArray, Array(Float64)),
    InputTokens SimpleAggregateFunction(groupArrayArray, Array(UInt32)),
    OutputTokens SimpleAggregateFunction(groupArrayArray, Array(UInt32)),
    Costs SimpleAggregateFunction(groupArrayArray, Array(Float64)), -- US dollars
    Sentiments SimpleAggregateFunction(groupArrayArray, Array(Float32)) -- -1…1
)
ENGINE = {{engine:AggregatingMergeTree}}
ORDER BY (Project, SessionId)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS session_turns_mv {{onCluster}} TO session_turns AS
SELECT
    Project,
    SessionId,
    min(Timestamp) AS StartedAt,
    max(Timestamp) AS EndedAt,
    groupArray(Timestamp) AS Times,
    groupArray(reinterpretAsUInt128(reverse(rightPad(substring(EventId, 1, 16), 16, '\0')))) AS EventKeys,
    groupArray(Version) AS Versions,
    groupArray(IsDeleted) AS Deleted,
    groupArray(AnchorId) AS AnchorIds,
    groupArray(ArrivalTopicId) AS ArrivalTopicIds,
    groupArray(TextHash) AS TextHashes,
    groupArray(if(UserId = '', 0, cityHash64(UserId))) AS Users,
    groupArray(toString(Name)) AS Names,
    groupArray(arrayMap((key, value) -> cityHash64(toString(key), value), mapKeys(Fields), mapValues(Fields))) AS FieldHashes,
    groupArray(IsError) AS Errors,
    groupArray(LatencyMs) AS LatenciesMs,
    groupArray(events.InputTokens) AS InputTokens,
    groupArray(events.OutputTokens) AS OutputTokens,
    groupArray(Cost) AS Costs,
    groupArray(Sentiment) AS Sentiments
FROM events
WHERE DimensionRank = 0
GROUP BY Project, SessionId;
