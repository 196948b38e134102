-- The path of each session that the filters select: one row per session.
-- Path holds the steps' topics, the Step… arrays run beside it. LastTurn is (IsError, LatencyMs).
-- Placeholder: turns, of marked_turns.
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
        arrayFilter((rephrases, isLast) -> isLast, arrayCumSum(IsRephrase), IsLast) AS RephrasesSoFar,
        (TurnErrors[-1], TurnLatencies[-1]) AS LastTurn
    FROM
    (
        SELECT *, arrayShiftLeft(IsFirst, 1, toUInt8(1)) AS IsLast
        FROM
        (
{{marked_turns}}
        )
    )
)
