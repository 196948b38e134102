-- Which rows of the journeys' lists stand for enough people? A session is one person's, the first user it names; without one it is nobody's.
-- Placeholders: journey_steps (with the column Person), below (number: rows of so many people, or fewer, are left out).
-- Result: List, Place, FromTopic, ToTopic (16 hex digits), Cycle: as in journeys.sql, and the lists start, drop_off and repeat.
SELECT
    Target.1 AS List,
    Target.2 AS Place,
    leftPad(lower(hex(Target.3)), 16, '0') AS FromTopic,
    leftPad(lower(hex(Target.4)), 16, '0') AS ToTopic,
    arrayMap(topic -> leftPad(lower(hex(topic)), 16, '0'), Target.5) AS Cycle
FROM
(
    SELECT
        Person,
        arrayJoin(arrayFilter(target -> target.1 != '',
        [
            (if(Step = 1, 'start', ''), toInt32(0), Topic, toUInt64(0), emptyArrayUInt64()),
            (if(Step = StepCount AND NOT IsActive, 'drop_off', ''), 0, Topic, 0, emptyArrayUInt64()),
            (if(StepRephrase > 0, 'repeat', ''), 0, Topic, 0, emptyArrayUInt64()),
            (if(Step < StepCount, 'follow_up', ''), 0, Topic, NextTopic, emptyArrayUInt64()),
            (if(Step < StepCount AND Bounce, 'pair', ''), 0, least(Topic, NextTopic), greatest(Topic, NextTopic), emptyArrayUInt64()),
            (if(notEmpty(StepCycle), 'cycle', ''), 0, 0, 0, StepCycle),
            ('node', Place, Topic, 0, emptyArrayUInt64()),
            (if(Step < StepCount, 'link', ''), Place, Topic, NextTopic, emptyArrayUInt64())
        ])) AS Target
    FROM view(
{{journey_steps}}
)
    ARRAY JOIN
        Places AS Place, Path AS Topic, Nexts AS NextTopic, Numbers AS Step, StepRephrases AS StepRephrase, Bounces AS Bounce, StepCycles AS StepCycle
    WHERE Person != 0
)
GROUP BY Target
HAVING uniqUpTo({{below}})(Person) > {{below}}
SETTINGS optimize_aggregation_in_order = 1
