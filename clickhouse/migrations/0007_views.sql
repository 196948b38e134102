-- The public SQL contract for dashboards and alerts: views whose names and columns stay. Ids of topics are 16 hex digits as in
-- the API, zeros are Unclustered; docs/sql-views.md explains every column.

-- One row is one topic id that was merged: where its readers are sent, however many merges later.
CREATE VIEW IF NOT EXISTS v_topic_redirects {{onCluster}} AS
WITH RECURSIVE
    Merged AS (SELECT Project, TopicId, RedirectTo FROM topics FINAL WHERE RedirectTo != 0 AND RedirectTo != TopicId),
    Followed AS
    (
        SELECT Project, TopicId, RedirectTo, 1 AS Hops FROM Merged
        UNION ALL
        SELECT Followed.Project, Followed.TopicId, Merged.RedirectTo, Followed.Hops + 1
        FROM Followed INNER JOIN Merged ON Merged.Project = Followed.Project AND Merged.TopicId = Followed.RedirectTo
        WHERE Followed.Hops < 20
    )
SELECT Project, TopicId AS FromTopic, argMax(RedirectTo, Hops) AS ToTopic
FROM Followed
GROUP BY Project, TopicId;

-- One row is one message of a user, with its topic of now.
CREATE VIEW IF NOT EXISTS v_messages {{onCluster}} AS
SELECT
    m.Project AS Project, m.Timestamp AS Timestamp, m.EventId AS EventId, m.SessionId AS SessionId, m.UserId AS UserId, m.Name AS Name,
    m.Text AS Text, m.Fields AS Fields, m.Topic AS TopicNumber,
    leftPad(lower(hex(m.Topic)), 16, '0') AS TopicId,
    if(m.Topic = 0, 'Unclustered', t.Label) AS TopicLabel,
    leftPad(lower(hex(m.Subtopic)), 16, '0') AS SubtopicId,
    leftPad(lower(hex(m.Theme)), 16, '0') AS ThemeId,
    m.Similarity AS Similarity, m.OutlierScore AS OutlierScore, m.Sentiment AS Sentiment, m.Model AS Model, m.InputTokens AS InputTokens,
    m.OutputTokens AS OutputTokens, m.Cost AS Cost, m.LatencyMs AS LatencyMs, m.IsError AS IsError, m.StatusMessage AS StatusMessage,
    m.TraceId AS TraceId, m.SpanId AS SpanId
FROM
(
    SELECT e.*, if(r.ToTopic = 0, e.OwnTopic, r.ToTopic) AS Topic
    FROM
    (
        SELECT
            *,
            dictGetOrDefault('{{database}}.anchor_topics_now', 'TopicId', AnchorId, ArrivalTopicId) AS OwnTopic,
            dictGetOrDefault('{{database}}.anchor_topics_now', 'SubtopicId', AnchorId, toUInt64(0)) AS Subtopic,
            dictGetOrDefault('{{database}}.anchor_topics_now', 'ThemeId', AnchorId, toUInt64(0)) AS Theme
        FROM events FINAL
        WHERE DimensionRank = 0
    ) AS e
    LEFT JOIN v_topic_redirects AS r ON r.Project = e.Project AND r.FromTopic = e.OwnTopic
) AS m
LEFT JOIN (SELECT Project, TopicId, Label FROM topics FINAL WHERE Level = 'topic') AS t ON t.Project = m.Project AND t.TopicId = m.Topic;

-- One row is one session with the path of topics that it took, repeats collapsed.
CREATE VIEW IF NOT EXISTS v_sessions {{onCluster}} AS
SELECT
    Project, SessionId,
    argMinIf(UserId, (Timestamp, EventId), UserId != '') AS User,
    min(Timestamp) AS StartedAt,
    max(Timestamp) AS EndedAt,
    count() AS Messages,
    arrayCompact(arrayMap(turn -> turn.3, arraySort(groupArray((Timestamp, EventId, TopicId))))) AS TopicPath,
    sum(v_messages.IsError) AS Errors,
    sum(v_messages.InputTokens) AS InputTokens,
    sum(v_messages.OutputTokens) AS OutputTokens,
    sum(v_messages.Cost) AS Cost
FROM v_messages
GROUP BY Project, SessionId;

-- One row is one topic in five minutes in which it came up.
CREATE VIEW IF NOT EXISTS v_topic_activity {{onCluster}} AS
SELECT
    Project, toStartOfFiveMinutes(Timestamp) AS Bucket, TopicId, TopicLabel,
    count() AS Events,
    uniqExact(SessionId) AS Sessions,
    uniqExactIf(UserId, UserId != '') AS Users,
    sum(v_messages.IsError) AS Errors,
    sum(v_messages.Cost) AS Cost,
    if(countIf(v_messages.LatencyMs > 0) = 0, 0, avgIf(v_messages.LatencyMs, v_messages.LatencyMs > 0)) AS LatencyMs,
    avg(v_messages.Sentiment) AS Sentiment
FROM v_messages
GROUP BY Project, Bucket, TopicId, TopicLabel;

-- One row is one topic: how often it came up in the last 24 hours, how often the same hours of the 14 days before let expect, and how many
-- standard deviations apart they are. A score of 4 with twice the expected events is a spike.
CREATE VIEW IF NOT EXISTS v_topic_spike {{onCluster}} AS
WITH
    Counted AS
    (
        SELECT Project, TopicId, TopicLabel, intDiv(toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(toDateTime64(Timestamp, 3)), 86400000) AS DaysAgo, count() AS Events
        FROM v_messages
        WHERE Timestamp > now64(3) - INTERVAL 15 DAY AND Timestamp <= now64(3)
        GROUP BY Project, TopicId, TopicLabel, DaysAgo
    ),
    Days AS (SELECT Project, DaysAgo, sum(Events) AS AllEvents FROM Counted GROUP BY Project, DaysAgo),
    Shares AS
    (
        SELECT Counted.Project AS Project, TopicId, TopicLabel, sumIf(Events, DaysAgo = 0) AS Today, sumIf(Events, DaysAgo > 0) AS Earlier
        FROM Counted
        GROUP BY Project, TopicId, TopicLabel
    ),
    Totals AS (SELECT Project, sumIf(AllEvents, DaysAgo = 0) AS AllToday, sumIf(AllEvents, DaysAgo > 0) AS AllEarlier, countIf(DaysAgo > 0) AS DayCount FROM Days GROUP BY Project),
    Squares AS
    (
        SELECT Shares.Project AS Project, Shares.TopicId AS TopicId,
            sum(pow(ifNull(Counted.Events, 0) - Earlier / AllEarlier * Days.AllEvents, 2) / greatest(Earlier / AllEarlier * Days.AllEvents, 1)) AS Scatter
        FROM Shares
        INNER JOIN Totals ON Totals.Project = Shares.Project
        INNER JOIN Days ON Days.Project = Shares.Project
        LEFT JOIN Counted ON Counted.Project = Shares.Project AND Counted.TopicId = Shares.TopicId AND Counted.DaysAgo = Days.DaysAgo
        WHERE Days.DaysAgo > 0 AND AllEarlier > 0
        GROUP BY Project, TopicId
    )
SELECT
    Shares.Project AS Project, Shares.TopicId AS TopicId, TopicLabel,
    Today AS Events,
    if(AllEarlier = 0, 0, Earlier / AllEarlier * AllToday) AS Expected,
    if(AllEarlier = 0, 0, (Today - Expected) / sqrt(greatest(1, Scatter / greatest(1, DayCount - 1)) * (1 + AllToday / AllEarlier) * greatest(Expected, 1))) AS Score
FROM Shares
INNER JOIN Totals ON Totals.Project = Shares.Project
LEFT JOIN Squares ON Squares.Project = Shares.Project AND Squares.TopicId = Shares.TopicId
WHERE Shares.TopicId != '0000000000000000';

-- One row is one step from a topic to another within a session.
CREATE VIEW IF NOT EXISTS v_transitions {{onCluster}} AS
SELECT Project, SessionId, Step.1 AS Timestamp, Before.2 AS FromTopic, Before.3 AS FromLabel, Step.2 AS ToTopic, Step.3 AS ToLabel
FROM
(
    SELECT Project, SessionId, arrayMap(turn -> (turn.1, turn.3, turn.4), arraySort(groupArray((Timestamp, EventId, TopicId, TopicLabel)))) AS Turns
    FROM v_messages
    GROUP BY Project, SessionId
)
ARRAY JOIN arrayPopFront(Turns) AS Step, arrayPopBack(Turns) AS Before
WHERE Step.2 != Before.2;
