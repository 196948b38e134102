-- One row per session that the filters select: what a list of sessions shows.
-- Placeholders: path, where (picks events, of a page of sessions).
-- Result: … PathIds (16 hex digits each, 50 at most), StartedAtMs and EndedAtMs (unix ms).
SELECT
    SessionId,
    Source,
    User,
    Users,
    StartedAtMs,
    toUnixTimestamp64Milli(EndedAt) AS EndedAtMs,
    IsActive,
    Events,
    UserTurns,
    length(arrayDistinct(Path)) AS Topics,
    arrayMap(topic -> leftPad(lower(hex(topic)), 16, '0'), arraySlice(Path, 1, 50)) AS PathIds,
    Errors, InputTokenSum, OutputTokenSum, CostSum, FirstText
FROM
(
    SELECT
{{path}},
        argMin(SessionSource, (Timestamp, EventId)) AS Source,
        argMinIf(UserId, (Timestamp, EventId), UserId != '') AS User,
        uniqExactIf(UserId, UserId != '') AS Users,
        toUnixTimestamp64Milli(min(Timestamp)) AS StartedAtMs,
        count() AS Events,
        countIf(Text != '') AS UserTurns,
        countIf(IsError = 1) AS Errors,
        sum(InputTokens) AS InputTokenSum,
        sum(OutputTokens) AS OutputTokenSum,
        sum(Cost) AS CostSum,
        leftUTF8(argMin(Text, (Timestamp, EventId)), 200) AS FirstText
    FROM events FINAL
    WHERE {{where}}
    GROUP BY Project, SessionId
)
SETTINGS optimize_aggregation_in_order = 1
