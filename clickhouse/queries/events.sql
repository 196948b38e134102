-- Which events do the filters select, newest first? The wide columns are read for one page only.
-- Placeholders: where, after (of the cursor: events older than the last one shown; `1` for the first page), event.
-- Parameters: limit (UInt32). Result: the columns of an event, and Cursor (JSON array of the place in the order).
SELECT
{{event}},
    toJSONString([toString(toUnixTimestamp64Nano(Timestamp)), EventId, SessionId, toString(Dimension)]) AS Cursor
FROM events FINAL
WHERE Project = {project: String} AND (SessionId, Timestamp, EventId, Dimension) IN
(
    SELECT SessionId, Timestamp, EventId, Dimension
    FROM events FINAL
    WHERE {{where}}
        AND ({{after}})
    ORDER BY Timestamp DESC, EventId DESC, SessionId DESC, Dimension DESC
    LIMIT {limit: UInt32}
)
ORDER BY Timestamp DESC, EventId DESC, SessionId DESC, Dimension DESC
