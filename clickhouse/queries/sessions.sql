-- One row per session of a page: what a list of sessions shows.
-- Placeholders: paths (from events, with session_figures). Result: … PathIds (16 hex digits each, 50 at most), StartedAtMs and EndedAtMs (unix ms).
SELECT
    SessionId, Source, User, UserCount,
    toUnixTimestamp64Milli(TurnTimes[1]) AS StartedAtMs,
    toUnixTimestamp64Milli(EndedAt) AS EndedAtMs,
    IsActive,
    length(TurnTimes) AS EventCount,
    arrayCount(text -> text != 0, TurnTexts) AS UserTurns,
    length(arrayDistinct(Path)) AS TopicCount,
    arrayMap(topic -> leftPad(lower(hex(topic)), 16, '0'), arraySlice(Path, 1, 50)) AS PathIds,
    arraySum(TurnErrors) AS Errors,
    arraySum(TurnInputTokens) AS InputTokenSum,
    arraySum(TurnOutputTokens) AS OutputTokenSum,
    arraySum(TurnCosts) AS CostSum,
    FirstText
FROM view(
{{paths}}
)
SETTINGS optimize_aggregation_in_order = 1
