-- The steps of each session as arrays, ready to be counted: one row per session. As in fragment_paths.sql no lambda captures an array.
-- Placeholders: paths; person (one more column, or none); place (of a step in the flow, from its number `step`, and `AroundStep`). Parameter: around (UInt64: the topic that the flow
-- is about, where place uses AroundStep).
-- A→B→A counts at its first A (Bounces). A cycle counts where it begins; cycles that differ only in where they begin are one: it is written from
-- its least topic on. In Visits 1 is the session's first visit of the topic and 2 says that it came back; Passes, BouncePasses and CyclePasses
-- number the same transitions, pairs and cycles of a session in the same way.
SELECT
    *,
    arrayMap(step -> toInt32({{place}}), Numbers) AS Places,
    arrayEnumerateUniq(Path) AS Visits, -- 1 = the session's first visit of the topic, 2 = it came back
    arrayEnumerateUniq(Path, Nexts) AS Passes,
    arrayEnumerateUniq(Path, WithRephrase) AS RephrasedVisits,
    arrayMap((end, start) -> (toUnixTimestamp64Milli(start) - toUnixTimestamp64Milli(end)) / 1000, StepEnds, arrayShiftLeft(StepStarts, 1)) AS Gaps,
    arrayEnumerateUniq(arrayMap((a, b) -> least(a, b), Path, Nexts), arrayMap((a, b) -> greatest(a, b), Path, Nexts), Bounces) AS BouncePasses,
    arrayEnumerateUniq(arrayMap(cycle -> cityHash64(cycle), StepCycles)) AS CyclePasses
FROM
(
    SELECT
        *,
        arrayResize(arrayMap((round, step) -> if(length(round) > 2 AND step + length(round) <= StepCount AND length(arrayDistinct(round)) = length(round),
            arrayRotateLeft(round, indexOf(round, arrayMin(round)) - 1), emptyArrayUInt64()), Rounds, arrayEnumerate(Rounds)), StepCount) AS StepCycles
    FROM
    (
        SELECT *, arrayMap(window -> arraySlice(window, 1, indexOf(arrayPopFront(window), window[1])), Windows) AS Rounds
        FROM
        (
            SELECT
                *,
                -- A→B→A counts at its first A
                arrayMap((topic, afterNext, step) -> topic = afterNext AND step + 2 <= StepCount, Path, arrayShiftLeft(Path, 2), Numbers) AS Bounces,
                arrayMap((a, b, c, d, e, f, g, h, i) -> [a, b, c, d, e, f, g, h, i], Loop, arrayShiftLeft(Loop, 1), arrayShiftLeft(Loop, 2), arrayShiftLeft(Loop, 3),
                    arrayShiftLeft(Loop, 4), arrayShiftLeft(Loop, 5), arrayShiftLeft(Loop, 6), arrayShiftLeft(Loop, 7), arrayShiftLeft(Loop, 8)) AS Windows
            FROM
            (
                SELECT
                    Path, StepTurns, StepRephrases, StepStarts, StepEnds, IsActive, LastTurn{{person}},
                    length(Path) AS StepCount,
                    indexOf(Path, {around: UInt64}) AS AroundStep,
                    arrayEnumerate(Path) AS Numbers,
                    arrayShiftLeft(Path, 1) AS Nexts,
                    arrayMap(rephrases -> rephrases > 0, StepRephrases) AS WithRephrase,
                    if(StepCount > 3 AND length(arrayDistinct(Path)) < StepCount, Path, emptyArrayUInt64()) AS Loop
                FROM view(
                {{paths}}
                )
            )
        )
    )
)
