-- How do conversations flow over topics? One scan; every list is summed from the same steps, so that they reconcile.
-- A step leaves for the next topic (Ending = 0), or is the session's last one: drop-off (1) or still active (2).
-- Placeholders: paths; place (of a step in the flow, from its number `step`, and `AroundStep`).
-- Parameters: around (UInt64: the topic that the flow is about, where place uses AroundStep), first, last (Int32: places that the
-- flow shows), top (UInt32: topics per place), limit (UInt32: rows of each list).
-- Result: one row per topic | follow_up | pair (A→B→A or B→A→B) | cycle (3…8 topics) | node | link of the flow, named by List.
-- FromTopic and ToTopic are NULL for the flow's Other. Total is the Sessions (follow_up: Steps) of the list before the limit. Seconds is
-- the median from the end of a step to the start of the next, DropOffLatencyMs the mean of the last turns.
WITH
    Sessions AS
    (
{{paths}}
    ),
    Arrays AS
    (
        SELECT
            Path, StepTurns, StepRephrases, IsActive, LastTurn,
            length(Path) AS StepCount,
            indexOf(Path, {around: UInt64}) AS AroundStep,
            arrayEnumerate(Path) AS Numbers,
            arrayMap(step -> toInt32({{place}}), Numbers) AS Places,
            arrayShiftLeft(Path, 1) AS Nexts,
            arrayEnumerateUniq(Path) AS Visits, -- 1 = the session's first visit of the topic, 2 = it came back
            arrayEnumerateUniq(Path, Nexts) AS Passes,
            arrayMap(rephrases -> rephrases > 0, StepRephrases) AS WithRephrase,
            arrayEnumerateUniq(Path, WithRephrase) AS RephrasedVisits,
            arrayMap((end, start) -> (toUnixTimestamp64Milli(start) - toUnixTimestamp64Milli(end)) / 1000, StepEnds, arrayShiftLeft(StepStarts, 1)) AS Gaps,
            -- A→B→A counts at its first A
            arrayMap((topic, afterNext, step) -> topic = afterNext AND step + 2 <= StepCount, Path, arrayShiftLeft(Path, 2), Numbers) AS Bounces,
            arrayEnumerateUniq(arrayMap((a, b) -> least(a, b), Path, Nexts), arrayMap((a, b) -> greatest(a, b), Path, Nexts), Bounces) AS BouncePasses,
            -- a cycle counts where it begins; cycles that differ only in where they begin are one
            if(StepCount > 3 AND length(arrayDistinct(Path)) < StepCount, Path, emptyArrayUInt64()) AS Loop,
            arrayMap((a, b, c, d, e, f, g, h, i) -> [a, b, c, d, e, f, g, h, i], Loop, arrayShiftLeft(Loop, 1), arrayShiftLeft(Loop, 2), arrayShiftLeft(Loop, 3),
                arrayShiftLeft(Loop, 4), arrayShiftLeft(Loop, 5), arrayShiftLeft(Loop, 6), arrayShiftLeft(Loop, 7), arrayShiftLeft(Loop, 8)) AS Windows,
            arrayMap(window -> arraySlice(window, 1, indexOf(arrayPopFront(window), window[1])), Windows) AS Rounds,
            arrayMap((round, step) -> if(length(round) > 2 AND step + length(round) <= StepCount AND length(arrayDistinct(round)) = length(round),
                arrayConcat(arraySlice(round, indexOf(round, arrayMin(round))), arraySlice(round, 1, indexOf(round, arrayMin(round)) - 1)),
                emptyArrayUInt64()), Rounds, arrayEnumerate(Rounds)) AS Cycles,
            arrayResize(Cycles, StepCount) AS StepCycles,
            arrayEnumerateUniq(arrayMap(cycle -> cityHash64(cycle), StepCycles)) AS CyclePasses
        FROM Sessions
    ),
    Cube AS MATERIALIZED
    (
        SELECT
            Place, Topic, NextTopic,
            multiIf(Step < StepCount, 0, IsActive, 2, 1) AS Ending,
            if(empty(StepCycle) OR CyclePass > 1, 0, cityHash64(StepCycle)) AS CycleKey,
            any(StepCycle) AS Cycle,
            count() AS Steps,
            sum(StepTurn) AS Turns,
            countIf(Step = 1) AS Starts,
            countIf(Visit = 1) AS Visitors,
            countIf(Visit = 2) AS Returns,
            countIf(Pass = 1) AS Passers,
            countIf(Bounce AND BouncePass = 1) AS Bouncers,
            sum(StepRephrase) AS Rephrases,
            countIf(StepRephrase > 0 AND RephrasedVisit = 1) AS Rephrasers,
            sum(LastTurn.1) AS Errors,
            sum(LastTurn.2) AS LatencyMs,
            quantileTDigestState(Gap) AS GapState
        FROM Arrays
        ARRAY JOIN
            Places AS Place, Path AS Topic, Nexts AS NextTopic, Numbers AS Step, StepTurns AS StepTurn, StepRephrases AS StepRephrase,
            Visits AS Visit, Passes AS Pass, RephrasedVisits AS RephrasedVisit, Gaps AS Gap, Bounces AS Bounce, BouncePasses AS BouncePass,
            StepCycles AS StepCycle, CyclePasses AS CyclePass
        GROUP BY Place, Topic, NextTopic, Ending, CycleKey
    ),
    -- The topics that a place of the flow names; the others are its Other.
    Shown AS MATERIALIZED
    (
        SELECT Place, Topic
        FROM Cube
        WHERE Place BETWEEN {first: Int32} AND {last: Int32}
        GROUP BY Place, Topic
        ORDER BY sum(Steps) DESC, Topic
        LIMIT {top: UInt32} BY Place
    ),
    Named AS
    (
        SELECT
            *,
            if((Place, Topic) IN (SELECT Place, Topic FROM Shown), toNullable(Topic), NULL) AS FlowTopic,
            if((Place + 1, NextTopic) IN (SELECT Place, Topic FROM Shown), toNullable(NextTopic), NULL) AS FlowNext,
            (least(Topic, NextTopic), greatest(Topic, NextTopic)) AS Pair
        FROM Cube
    ),
    Lists AS
    (
        SELECT
            multiIf(
                grouping(CycleKey) = 0, 'cycle', grouping(Pair) = 0, 'pair', grouping(FlowNext) = 0, 'link', grouping(FlowTopic) = 0, 'node',
                grouping(NextTopic) = 0, 'follow_up', 'topic') AS List,
            Place,
            multiIf(List = 'pair', toNullable(Pair.1), List IN ('node', 'link'), FlowTopic, toNullable(Topic)) AS A,
            multiIf(List = 'pair', toNullable(Pair.2), List = 'link', FlowNext, List = 'follow_up', toNullable(NextTopic), NULL) AS B,
            anyIf(Cycle, CycleKey != 0) AS CycleTopics,
            sum(Steps) AS Visits,
            sumIf(Steps, Ending = 1) AS DropOffs,
            sumIf(Steps, Ending = 2) AS Active,
            multiIf(List = 'topic', sum(Visitors), List = 'follow_up', sum(Passers), List = 'pair', sum(Bouncers), Visits) AS Sessions,
            sum(Cube.Turns) AS Turns,
            sum(Cube.Starts) AS Starts,
            sum(Cube.Returns) AS Returns,
            sum(Cube.Rephrases) AS Rephrases,
            sum(Rephrasers) AS RephraseSessions,
            sumIf(Errors, Ending = 1) AS DropOffErrors,
            if(DropOffs = 0, 0, sumIf(LatencyMs, Ending = 1) / DropOffs) AS DropOffLatencyMs,
            if(List = 'follow_up', quantileTDigestMergeIf(GapState, Ending = 0), 0) AS Seconds
        FROM Named AS Cube
        GROUP BY GROUPING SETS ((Topic), (Topic, NextTopic, Ending), (Pair, Ending), (CycleKey), (Place, FlowTopic), (Place, FlowTopic, FlowNext, Ending))
        HAVING (List IN ('topic', 'node') OR (List = 'cycle' AND CycleKey != 0) OR (List IN ('follow_up', 'pair', 'link') AND Ending = 0))
            AND (List NOT IN ('node', 'link') OR Place BETWEEN {first: Int32} AND {last: Int32} - (List = 'link'))
            AND Sessions > 0
    )
SELECT
    List, Place,
    leftPad(lower(hex(A)), 16, '0') AS FromTopic,
    leftPad(lower(hex(B)), 16, '0') AS ToTopic,
    arrayMap(topic -> leftPad(lower(hex(topic)), 16, '0'), CycleTopics) AS Cycle,
    Visits AS Steps, Sessions, Turns, Starts, DropOffs, Active, Returns, Rephrases, RephraseSessions, DropOffErrors, DropOffLatencyMs, Seconds,
    sum(if(List = 'follow_up', Visits, Sessions)) OVER (PARTITION BY List) AS Total
FROM Lists
QUALIFY List NOT IN ('follow_up', 'pair', 'cycle')
    OR row_number() OVER (PARTITION BY List ORDER BY if(List = 'follow_up', Visits, Sessions) DESC, A, B, CycleTopics) <= {limit: UInt32}
ORDER BY List, Place, Visits DESC, A, B, CycleTopics
SETTINGS optimize_aggregation_in_order = 1, enable_materialized_cte = 1
