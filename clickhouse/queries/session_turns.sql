-- One session's events in order, the newest 1000 of them, and whether each is a rephrase.
-- Placeholders: paths, where, event. Result: the columns of an event, and IsRephrase.
WITH Repeats AS
    (
        SELECT arrayJoin(arrayFilter((id, isRephrase) -> isRephrase, Turns.2, IsRephrase))
        FROM view(
{{paths}}
)
    )
SELECT
{{event}},
    EventId IN Repeats AS IsRephrase
FROM events FINAL
WHERE {{where}}
ORDER BY Timestamp DESC, EventId DESC
LIMIT 1000
