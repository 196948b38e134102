-- One session's events in order, the newest 1000 of them, with what makes a turn a rephrase.
-- Placeholders: path, where, event. Result: the columns of an event, and IsRephrase.
WITH Repeats AS
    (
        SELECT arrayJoin(arrayFilter((id, isRephrase) -> isRephrase, Turns.2, IsRephrase))
        FROM
        (
            SELECT
{{path}}
            FROM events FINAL
            WHERE {{where}}
            GROUP BY Project, SessionId
        )
    )
SELECT
{{event}},
    EventId IN Repeats AS IsRephrase
FROM events FINAL
WHERE {{where}}
ORDER BY Timestamp DESC, EventId DESC
LIMIT 1000
