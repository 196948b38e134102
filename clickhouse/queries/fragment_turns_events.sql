-- The same from `events`, for filters that session_turns cannot answer, and for what else is known of single sessions.
-- Placeholders: topic, where (picks events), having (picks sessions by their events), aggregates (more columns, each behind a comma).
SELECT
    *,
    Turns.1 AS TurnTimes,
    Turns.3 AS TurnTopics,
    Turns.4 AS TurnAnchors,
    Turns.5 AS TurnTexts,
    Turns.6 AS TurnErrors,
    Turns.7 AS TurnLatencies,
    Turns.8 AS TurnUsers,
    Turns.9 AS TurnInputTokens,
    Turns.10 AS TurnOutputTokens,
    Turns.11 AS TurnCosts,
    Turns.12 AS TurnSentiments,
    Turns.13 AS TurnArrivals
FROM
(
    SELECT
        SessionId,
        arraySort(groupArray((Timestamp, EventId, {{topic}}, AnchorId, TextHash, IsError, LatencyMs, if(UserId = '', 0, cityHash64(UserId)),
            events.InputTokens, events.OutputTokens, Cost, Sentiment, ArrivalTopicId))) AS Turns{{aggregates}}
    FROM events FINAL
    WHERE {{where}}
    GROUP BY Project, SessionId
    HAVING {{having}}
)
