-- The path of each session that the filters select: one row per session.
-- A step is a run of turns of one topic: Path holds the steps' topics, the Step… arrays run beside it. LastTurn is (IsError, LatencyMs).
-- A rephrase is a turn that says the same as the turn before it in one step: same anchor or same text.
-- No lambda captures an array, so a session of 10,000 turns costs O(n). One subquery per thought, because ClickHouse analyses an alias anew
-- wherever it is used: as one SELECT this takes seconds to analyse.
-- Placeholder: turns (turns_stored or turns_events). Parameter: activeSince (Int64, unix ms): a session whose last turn is younger has not ended.
SELECT
    *,
    arrayMap((here, before) -> here - before, TurnsSoFar, arrayShiftRight(TurnsSoFar, 1)) AS StepTurns,
    arrayMap((here, before) -> here - before, RephrasesSoFar, arrayShiftRight(RephrasesSoFar, 1)) AS StepRephrases
FROM
(
    SELECT
        *,
        arrayFilter((topic, isFirst) -> isFirst, TurnTopics, IsFirst) AS Path,
        arrayFilter((time, isFirst) -> isFirst, TurnTimes, IsFirst) AS StepStarts,
        arrayFilter((time, isLast) -> isLast, TurnTimes, IsLast) AS StepEnds,
        arrayFilter((ordinal, isLast) -> isLast, arrayEnumerate(TurnTimes), IsLast) AS TurnsSoFar,
        arrayFilter((rephrases, isLast) -> isLast, arrayCumSum(IsRephrase), IsLast) AS RephrasesSoFar
    FROM
    (
        SELECT
            *,
            arrayShiftLeft(IsFirst, 1, toUInt8(1)) AS IsLast,
            arrayMap((isFirst, anchor, anchorBefore, text, textBefore) ->
                    NOT isFirst AND ((anchor = anchorBefore AND anchor != 0) OR (text = textBefore AND text != 0)),
                IsFirst, TurnAnchors, arrayShiftRight(TurnAnchors, 1), TurnTexts, arrayShiftRight(TurnTexts, 1)) AS IsRephrase
        FROM
        (
            SELECT
                *,
                arrayMap((i, topic, before) -> i = 1 OR topic != before, arrayEnumerate(TurnTopics), TurnTopics, arrayShiftRight(TurnTopics, 1)) AS IsFirst,
                TurnTimes[-1] AS EndedAt,
                EndedAt > fromUnixTimestamp64Milli({activeSince: Int64}) AS IsActive,
                (TurnErrors[-1], TurnLatencies[-1]) AS LastTurn
            FROM view(
{{turns}}
)
        )
    )
)
