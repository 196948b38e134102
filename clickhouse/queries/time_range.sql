-- From when to when do a project's sessions reach? The first one in a thousand is left out, so that one wrong clock does not stretch a chart. It is
-- found in a sample drawn by the session's id: by a time there would be none where many sessions share it.
-- Result: FirstMs, LastMs (unix ms; 0 without events), Sessions (rows of session_turns, a few more than there are sessions).
SELECT
    toInt64(if(count() = 0, 0, quantileDeterministic(0.001)(toUnixTimestamp64Milli(StartedAt), cityHash64(SessionId)))) AS FirstMs,
    toInt64(if(count() = 0, 0, toUnixTimestamp64Milli(max(EndedAt)))) AS LastMs,
    count() AS Sessions
FROM session_turns
WHERE Project = {project: String}
