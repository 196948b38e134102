-- One row per session that the filters select: what a list of sessions shows.
-- Placeholders: paths. Result: … PathIds (16 hex digits each, 50 at most), StartedAtMs and EndedAtMs (unix ms).
SELECT
    SessionId,
    Source,
    User,
    length(Users) AS UserCount,
    toUnixTimestamp64Milli(StartedAt) AS StartedAtMs,
    toUnixTimestamp64Milli(EndedAt) AS EndedAtMs,
    IsActive,
    EventCount,
    UserTurns,
    length(arrayDistinct(Path)) AS TopicCount,
    arrayMap(topic -> leftPad(lower(hex(topic)), 16, '0'), arraySlice(Path, 1, 50)) AS PathIds,
    Errors, InputTokenSum, OutputTokenSum, CostSum, FirstText
FROM
(
{{paths}}
)
SETTINGS optimize_aggregation_in_order = 1
