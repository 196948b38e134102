-- How many messages do the filters select of each landmark of the map, and of each topic beside its landmarks?
-- Placeholders: turns; topicOfEvent, subtopicOfEvent, themeOfEvent (of AnchorId and ArrivalTopicId).
-- Result: Topic (at the level asked for), Anchor (UInt64 as text; 0 = texts without a place), TopicId, SubtopicId, ThemeId of the anchor, Messages.
SELECT
    leftPad(lower(hex(Topic)), 16, '0') AS Topic,
    toString(AnchorId) AS Anchor,
    leftPad(lower(hex({{topicOfEvent}})), 16, '0') AS TopicId,
    leftPad(lower(hex({{subtopicOfEvent}})), 16, '0') AS SubtopicId,
    leftPad(lower(hex({{themeOfEvent}})), 16, '0') AS ThemeId,
    Messages
FROM
(
    SELECT
        Topic,
        if(TurnAnchor IN (SELECT arrayJoin(AnchorIds) FROM maps FINAL WHERE Project = {project: String}), TurnAnchor, 0) AS AnchorId,
        any(TurnArrival) AS ArrivalTopicId, -- of an anchor that no run has published yet
        count() AS Messages
    FROM view(
{{turns}}
    )
    ARRAY JOIN TurnTopics AS Topic, TurnAnchors AS TurnAnchor, TurnArrivals AS TurnArrival
    GROUP BY Topic, AnchorId
)
ORDER BY Messages DESC, Anchor
