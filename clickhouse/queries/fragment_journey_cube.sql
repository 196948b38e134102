-- Steps of all sessions, counted by place in the flow, topic, next topic, how the step ends, and the cycle that begins with it.
-- A step leaves for the next topic (Ending = 0), or is the session's last one: drop-off (1) or still active (2).
-- Placeholder: journey_steps.
SELECT
    Place, Topic, NextTopic,
    multiIf(Step < StepCount, 0, IsActive, 2, 1) AS Ending,
    if(empty(StepCycle) OR CyclePass > 1, 0, cityHash64(StepCycle)) AS CycleKey,
    anyIf(StepCycle, NOT empty(StepCycle)) AS Cycle,
    count() AS Steps,
    sum(StepTurn) AS Turns,
    countIf(Step = 1) AS Starts,
    countIf(Visit = 1) AS Visitors,
    countIf(Visit = 2) AS Returns,
    countIf(Pass = 1) AS Passers,
    countIf(Bounce AND BouncePass = 1) AS Bouncers,
    sum(StepRephrase) AS Rephrases,
    countIf(StepRephrase > 0 AND RephrasedVisit = 1) AS Rephrasers,
    sumIf(LastTurn.1, Step = StepCount) AS Errors,
    sumIf(LastTurn.2, Step = StepCount) AS LatencyMs,
    quantileBFloat16State(Gap) AS GapState
FROM view(
{{journey_steps}}
)
ARRAY JOIN
    Places AS Place, Path AS Topic, Nexts AS NextTopic, Numbers AS Step, StepTurns AS StepTurn, StepRephrases AS StepRephrase,
    Visits AS Visit, Passes AS Pass, RephrasedVisits AS RephrasedVisit, Gaps AS Gap, Bounces AS Bounce, BouncePasses AS BouncePass,
    StepCycles AS StepCycle, CyclePasses AS CyclePass
GROUP BY Place, Topic, NextTopic, Ending, CycleKey
