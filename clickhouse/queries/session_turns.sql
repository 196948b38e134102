-- One session's events, the newest first. Placeholders: where, event. Parameter: limit (UInt32).
-- Result: the columns of an event, and what tells a rephrase: Anchor and Hash (as text; '0' = none).
SELECT
{{event}},
    toString(AnchorId) AS Anchor,
    toString(TextHash) AS Hash
FROM events FINAL
WHERE {{where}}
ORDER BY Timestamp DESC, EventId DESC
LIMIT {limit: UInt32}
SETTINGS max_threads = 1
