-- The turns of each session, and which of them begin a step and which say the same again: one row per session, arrays in the order of the turns.
-- A step is a run of turns of one topic. A rephrase is a turn that says the same as the turn before it in one step: same anchor or same text.
-- No lambda captures an array, so a session of 10,000 turns costs O(n). One subquery per thought, because ClickHouse analyses an alias anew
-- wherever it is used: as one SELECT this takes seconds to analyse.
-- Placeholder: turns (turns_stored or turns_events). Parameter: activeSince (Int64, unix ms): a session whose last turn is younger has not ended.
SELECT
    *,
    arrayMap((isFirst, anchor, anchorBefore, text, textBefore) ->
            NOT isFirst AND ((anchor = anchorBefore AND anchor != 0) OR (text = textBefore AND text != 0)),
        IsFirst, TurnAnchors, arrayShiftRight(TurnAnchors, 1), TurnTexts, arrayShiftRight(TurnTexts, 1)) AS IsRephrase
FROM
(
    SELECT
        *,
        arrayMap((i, topic, before) -> i = 1 OR topic != before, arrayEnumerate(TurnTopics), TurnTopics, arrayShiftRight(TurnTopics, 1)) AS IsFirst,
        TurnTimes[-1] AS EndedAt,
        EndedAt > fromUnixTimestamp64Milli({activeSince: Int64}) AS IsActive
    FROM view(
{{turns}}
)
)
