-- Spans of some traces that events or turn parts came from.
-- Parameters: project, traces (Array(String)). Result: SpanId.
SELECT DISTINCT arrayJoin(arrayPushBack(SpanIds, SpanId)) AS SpanId
FROM
(
    SELECT SpanIds, SpanId FROM events FINAL WHERE Project = {project: String} AND TraceId IN {traces: Array(String)}
    UNION ALL
    SELECT SpanIds, SpanId FROM turn_parts WHERE Project = {project: String} AND TraceId IN {traces: Array(String)}
)
