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
    -- As in fragment_paths.sql: one level per thought, and no captured arrays.
    Numbered AS
    (
        SELECT
            Path, StepTurns, StepRephrases, StepStarts, StepEnds, IsActive, LastTurn,
            length(Path) AS StepCount,
            indexOf(Path, {around: UInt64}) AS AroundStep,
            arrayEnumerate(Path) AS Numbers,
            arrayShiftLeft(Path, 1) AS Nexts,
            arrayMap(rephrases -> rephrases > 0, StepRephrases) AS WithRephrase,
            if(StepCount > 3 AND length(arrayDistinct(Path)) < StepCount, Path, emptyArrayUInt64()) AS Loop
        FROM Sessions
    ),
    Looked AS
    (
        SELECT
            *,
            -- A→B→A counts at its first A
            arrayMap((topic, afterNext, step) -> topic = afterNext AND step + 2 <= StepCount, Path, arrayShiftLeft(Path, 2), Numbers) AS Bounces,
            arrayMap((a, b, c, d, e, f, g, h, i) -> [a, b, c, d, e, f, g, h, i], Loop, arrayShiftLeft(Loop, 1), arrayShiftLeft(Loop, 2), arrayShiftLeft(Loop, 3),
                arrayShiftLeft(Loop, 4), arrayShiftLeft(Loop, 5), arrayShiftLeft(Loop, 6), arrayShiftLeft(Loop, 7), arrayShiftLeft(Loop, 8)) AS Windows
        FROM Numbered
    ),
    Rounded AS
    (
        SELECT *, arrayMap(window -> arraySlice(window, 1, indexOf(arrayPopFront(window), window[1])), Windows) AS Rounds
        FROM Looked
    ),
    -- A cycle counts where it begins; cycles that differ only in where they begin are one: it is written from its least topic on.
    Cycled AS
    (
        SELECT
            *,
            arrayResize(arrayMap((round, step) -> if(length(round) > 2 AND step + length(round) <= StepCount AND length(arrayDistinct(round)) = length(round),
                arrayRotateLeft(round, indexOf(round, arrayMin(round)) - 1), emptyArrayUInt64()), Rounds, arrayEnumerate(Rounds)), StepCount) AS StepCycles
        FROM Rounded
    ),
    Arrays AS
    (
        SELECT
            *,
            arrayMap(step -> toInt32({{place}}), Numbers) AS Places,
            arrayEnumerateUniq(Path) AS Visits, -- 1 = the session's first visit of the topic, 2 = it came back
            arrayEnumerateUniq(Path, Nexts) AS Passes,
            arrayEnumerateUniq(Path, WithRephrase) AS RephrasedVisits,
            arrayMap((end, start) -> (toUnixTimestamp64Milli(start) - toUnixTimestamp64Milli(end)) / 1000, StepEnds, arrayShiftLeft(StepStarts, 1)) AS Gaps,
            arrayEnumerateUniq(arrayMap((a, b) -> least(a, b), Path, Nexts), arrayMap((a, b) -> greatest(a, b), Path, Nexts), Bounces) AS BouncePasses,
            arrayEnumerateUniq(arrayMap(cycle -> cityHash64(cycle), StepCycles)) AS CyclePasses
        FROM Cycled
    ),
    Cube AS
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
    -- Which topics does each place of the flow name? Every cell of the cube stands at its own place and, as a neighbour, at the next one.
    Sided AS
    (
        SELECT *, arrayJoin([0, 1]) AS Side, Place + Side AS SidePlace, if(Side = 0, Topic, NextTopic) AS SideTopic
        FROM Cube
    ),
    Weighed AS
    (
        SELECT *, sum(if(Side = 0, Steps, 0)) OVER (PARTITION BY SidePlace, SideTopic) AS Weight
        FROM Sided
    ),
    Ranked AS
    (
        SELECT *, Weight > 0 AND dense_rank() OVER (PARTITION BY SidePlace ORDER BY Weight DESC, SideTopic) <= {top: UInt32} AS IsShown
        FROM Weighed
    ),
    Paired AS
    (
        SELECT *, max(IsShown AND Side = 1) OVER (PARTITION BY Place, Topic, NextTopic, Ending, CycleKey) AS IsNextShown
        FROM Ranked
    ),
    Named AS
    (
        SELECT
            *,
            if(IsShown, toNullable(Topic), NULL) AS FlowTopic,
            if(IsNextShown, toNullable(NextTopic), NULL) AS FlowNext,
            (least(Topic, NextTopic), greatest(Topic, NextTopic)) AS Pair
        FROM Paired
        WHERE Side = 0
    ),
    Summed AS
    (
        SELECT
            grouping(CycleKey, Pair, FlowNext, FlowTopic, NextTopic) AS Keys,
            Place, Topic, NextTopic, Pair, FlowTopic, FlowNext, Ending, CycleKey,
            anyIf(Cycle, CycleKey != 0) AS CycleTopics,
            sum(Steps) AS Visits,
            sumIf(Steps, Ending = 1) AS DropOffs,
            sumIf(Steps, Ending = 2) AS Active,
            sum(Visitors) AS VisitorSum, sum(Passers) AS PasserSum, sum(Bouncers) AS BouncerSum,
            sum(Cells.Turns) AS Turns, sum(Cells.Starts) AS Starts, sum(Cells.Returns) AS Returns, sum(Cells.Rephrases) AS Rephrases,
            sum(Rephrasers) AS RephraseSessions,
            sumIf(Errors, Ending = 1) AS DropOffErrors,
            sumIf(LatencyMs, Ending = 1) AS DropOffLatencySum,
            quantileTDigestMergeIf(GapState, Ending = 0) AS Seconds
        FROM Named AS Cells
        GROUP BY GROUPING SETS ((Topic), (Topic, NextTopic, Ending), (Pair, Ending), (CycleKey), (Place, FlowTopic), (Place, FlowTopic, FlowNext, Ending))
    ),
    -- A key that takes part in a grouping is a 0 bit.
    Listed AS
    (
        SELECT *, transform(Keys, [0b11111, 0b11110, 0b10111, 0b01111, 0b11101, 0b11001], ['topic', 'follow_up', 'pair', 'cycle', 'node', 'link'], '') AS List
        FROM Summed
    ),
    Counted AS
    (
        SELECT
            *,
            multiIf(List = 'pair', toNullable(Pair.1), List IN ('node', 'link'), FlowTopic, toNullable(Topic)) AS A,
            multiIf(List = 'pair', toNullable(Pair.2), List = 'link', FlowNext, List = 'follow_up', toNullable(NextTopic), NULL) AS B,
            multiIf(List = 'topic', VisitorSum, List = 'follow_up', PasserSum, List = 'pair', BouncerSum, Visits) AS Sessions,
            if(List = 'follow_up', Visits, Sessions) AS Size
        FROM Listed
        WHERE multiIf(List IN ('follow_up', 'pair', 'link'), Ending = 0, List = 'cycle', CycleKey != 0, 1)
            AND (List NOT IN ('node', 'link') OR Place BETWEEN {first: Int32} AND {last: Int32} - (List = 'link'))
    )
SELECT
    List, Place,
    leftPad(lower(hex(A)), 16, '0') AS FromTopic,
    leftPad(lower(hex(B)), 16, '0') AS ToTopic,
    arrayMap(topic -> leftPad(lower(hex(topic)), 16, '0'), CycleTopics) AS Cycle,
    Visits AS Steps, Sessions, Turns, Starts, DropOffs, Active, Returns, Rephrases, RephraseSessions, DropOffErrors,
    if(DropOffs = 0, 0, DropOffLatencySum / DropOffs) AS DropOffLatencyMs,
    if(List = 'follow_up', Seconds, 0) AS Seconds,
    sum(Size) OVER (PARTITION BY List) AS Total
FROM Counted
WHERE Size > 0
QUALIFY List NOT IN ('follow_up', 'pair', 'cycle') OR row_number() OVER (PARTITION BY List ORDER BY Size DESC, A, B, CycleTopics) <= {limit: UInt32}
ORDER BY List, Place, Size DESC, A, B, CycleTopics
SETTINGS optimize_aggregation_in_order = 1, force_grouping_standard_compatibility = 1
