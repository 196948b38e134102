-- Whose topics are these? One row per topic of each level, for keys that see only what enough users share.
-- Placeholders: turns; topicOfEvent, subtopicOfEvent, themeOfEvent; enough (number: so many users are looked for, no more).
-- Result: Level, Id (16 hex digits), Events, People (hashes of users as text, at most `enough`; an event without a user is nobody's).
SELECT
    Place.1 AS Level,
    leftPad(lower(hex(Place.2)), 16, '0') AS Id,
    count() AS Events,
    groupUniqArrayIf({{enough}})(toString(User), User != 0) AS People
FROM
(
    SELECT User, arrayJoin([('topic', {{topicOfEvent}}), ('subtopic', {{subtopicOfEvent}}), ('theme', {{themeOfEvent}})]) AS Place
    FROM view(
{{turns}}
)
    ARRAY JOIN TurnAnchors AS AnchorId, TurnArrivals AS ArrivalTopicId, TurnUsers AS User
)
GROUP BY Place
