-- GenAI spans that another program wrote into otel_traces, oldest first. Times are Unix nanoseconds, as text.
-- Parameters: from, to (Int64, Unix nanoseconds), afterSpan (String; '' = from the first at `from`), limit (UInt32).
SELECT
    Project, TraceId, SpanId, ParentSpanId, SpanName, ScopeName, ResourceAttributes, SpanAttributes, StatusCode, StatusMessage,
    toString(toUnixTimestamp64Nano(Timestamp)) AS Start, toString(Duration) AS DurationNanos,
    `Events.Name` AS EventNames, `Events.Attributes` AS EventAttributes
FROM otel_traces
WHERE Timestamp >= fromUnixTimestamp64Nano({from: Int64}) AND Timestamp < fromUnixTimestamp64Nano({to: Int64})
    AND (toUnixTimestamp64Nano(Timestamp), SpanId) > ({from: Int64}, {afterSpan: String})
    AND WrittenBy != 'turret'
    AND arrayExists(key -> multiSearchAny(key, ['gen_ai.', 'llm.', 'openinference.', 'ai.', 'traceloop.', 'langfuse.', 'langsmith.', 'mlflow.',
        'pydantic_ai.', 'turret.', 'input.value', 'session.id', 'user.id', 'enduser.id']), mapKeys(SpanAttributes))
ORDER BY Timestamp, SpanId
LIMIT {limit: UInt32}
