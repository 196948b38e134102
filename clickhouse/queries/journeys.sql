-- How do conversations flow over topics? One scan; every list is summed from the same cells, so that they reconcile.
-- Each `view(…)` is analysed by itself: as one tree of subqueries this takes a second to analyse, whatever the data.
-- Placeholder: journey_cube. Parameters: first, last (Int32: places that the flow shows), top (UInt32: topics per place), limit (UInt32: rows of
-- each list).
-- Result: one row per topic | follow_up | pair (A→B→A or B→A→B) | cycle (3…8 topics) | node | link of the flow, named by List.
-- FromTopic and ToTopic are NULL for the flow's Other. Total is the Sessions (follow_up: Steps) of the list before the limit. Seconds is
-- the median from the end of a step to the start of the next, DropOffLatencyMs the mean of the last turns.
WITH
    Cube AS MATERIALIZED
    (
        SELECT *
        FROM view(
{{journey_cube}}
        )
    ),
    -- The topics that each place of the flow names; the others are its Other.
    Shown AS MATERIALIZED
    (
        SELECT Place, Topic
        FROM Cube
        WHERE Place BETWEEN {first: Int32} AND {last: Int32}
        GROUP BY Place, Topic
        ORDER BY sum(Steps) DESC, Topic
        LIMIT {top: UInt32} BY Place
    )
SELECT
    Target.1 AS List,
    Target.2 AS Place,
    leftPad(lower(hex(Target.3)), 16, '0') AS FromTopic,
    leftPad(lower(hex(Target.4)), 16, '0') AS ToTopic,
    arrayMap(topic -> leftPad(lower(hex(topic)), 16, '0'), CycleTopics) AS Cycle,
    Visits AS Steps, SessionCount AS Sessions, TurnSum AS Turns, StartSum AS Starts, LastVisits AS DropOffs, ActiveVisits AS Active,
    ReturnSum AS Returns, RephraseSum AS Rephrases, RephraserSum AS RephraseSessions, ErrorSum AS DropOffErrors,
    if(LastVisits = 0, 0, LatencySum / LastVisits) AS DropOffLatencyMs,
    if(isNaN(MedianGap), 0, MedianGap) AS Seconds,
    Total
FROM
(
    SELECT
        *,
        sum(Size) OVER (PARTITION BY Target.1) AS Total,
        row_number() OVER (PARTITION BY Target.1 ORDER BY Size DESC, Target.3, Target.4, CycleTopics) AS Position
    FROM
    (
        SELECT
            *,
            multiIf(Target.1 = 'topic', VisitorSum, Target.1 = 'follow_up', PasserSum, Target.1 = 'pair', BouncerSum, Visits) AS SessionCount,
            if(Target.1 = 'follow_up', Visits, SessionCount) AS Size
        FROM
        (
            SELECT
                Target,
                anyIf(Cycle, CycleKey != 0) AS CycleTopics,
                sum(Steps) AS Visits,
                sumIf(Steps, Ending = 1) AS LastVisits,
                sumIf(Steps, Ending = 2) AS ActiveVisits,
                sum(Visitors) AS VisitorSum, sum(Passers) AS PasserSum, sum(Bouncers) AS BouncerSum, sum(Turns) AS TurnSum, sum(Starts) AS StartSum,
                sum(Returns) AS ReturnSum, sum(Rephrases) AS RephraseSum, sum(Rephrasers) AS RephraserSum,
                sumIf(Errors, Ending = 1) AS ErrorSum,
                sumIf(LatencyMs, Ending = 1) AS LatencySum,
                quantileBFloat16MergeIf(GapState, Target.1 = 'follow_up') AS MedianGap
            FROM
            (
                -- Every list that a cell counts in: (list, place, from, to, cycle). NULL is the flow's Other.
                SELECT
                    *,
                    arrayJoin(arrayFilter(target -> target.1 != '',
                    [
                        ('topic', 0, toNullable(Topic), toNullable(toUInt64(0)), 0),
                        (if(Ending = 0, 'follow_up', ''), 0, Topic, NextTopic, 0),
                        (if(Ending = 0 AND Bouncers > 0, 'pair', ''), 0, least(Topic, NextTopic), greatest(Topic, NextTopic), 0),
                        (if(CycleKey != 0, 'cycle', ''), 0, 0, 0, CycleKey),
                        (if(Place BETWEEN {first: Int32} AND {last: Int32}, 'node', ''), Place, if(IsShown, Topic, NULL), 0, 0),
                        (if(Ending = 0 AND Place >= {first: Int32} AND Place < {last: Int32}, 'link', ''), Place, if(IsShown, Topic, NULL), if(IsNextShown, NextTopic, NULL), 0)
                    ])) AS Target
                FROM
                (
                    SELECT
                        *,
                        (Place, Topic) IN (SELECT Place, Topic FROM Shown) AS IsShown,
                        (Place + 1, NextTopic) IN (SELECT Place, Topic FROM Shown) AS IsNextShown
                    FROM Cube
                )
            )
            GROUP BY Target
        )
    )
)
WHERE List NOT IN ('follow_up', 'pair', 'cycle') OR Position <= {limit: UInt32}
ORDER BY List, Place, Size DESC, FromTopic, ToTopic, Cycle
SETTINGS optimize_aggregation_in_order = 1
