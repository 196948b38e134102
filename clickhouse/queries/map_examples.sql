-- Which text stands at each landmark of the map? Of the events that the filters select.
-- Placeholder: where. Parameter: textLength (UInt32, characters). Result: Anchor (UInt64 as text), Text.
SELECT toString(AnchorId) AS Anchor, substringUTF8(any(events.Text), 1, {textLength: UInt32}) AS Text
FROM events
WHERE {{where}} AND IsDeleted = 0 AND events.Text != ''
    AND AnchorId IN (SELECT arrayJoin(AnchorIds) FROM maps FINAL WHERE Project = {project: String})
GROUP BY AnchorId
