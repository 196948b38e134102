-- Stores the spans of one spool segment: ClickHouse decodes the OTLP bytes itself.
-- Body: length-delimited Entry messages (clickhouse/formats/spool.proto).
-- Attribute values become text as clickhouseexporter writes them: absent is '', booleans are true and false.
INSERT INTO otel_traces
    (Timestamp, TraceId, SpanId, ParentSpanId, TraceState, SpanName, SpanKind, ServiceName, ResourceAttributes, ScopeName, ScopeVersion,
     SpanAttributes, Duration, StatusCode, StatusMessage, `Events.Timestamp`, `Events.Name`, `Events.Attributes`,
     `Links.TraceId`, `Links.SpanId`, `Links.TraceState`, `Links.Attributes`, Project, WrittenBy)
WITH
    (v -> multiIf(v.value = 'string_value', v.string_value, v.value = 'int_value', toString(v.int_value),
        v.value = 'double_value', toString(v.double_value), v.value = 'bool_value', if(v.bool_value, 'true', 'false'), '')) AS toText,
    (nanos -> fromUnixTimestamp64Nano(toInt64(least(nanos, toUInt64(9223372036854775807))))) AS toTime
SELECT
    toTime(span.start_time_unix_nano),
    lower(hex(span.trace_id)),
    lower(hex(span.span_id)),
    lower(hex(span.parent_span_id)),
    span.trace_state,
    span.name,
    transform(span.kind, [1, 2, 3, 4, 5], ['Internal', 'Server', 'Client', 'Producer', 'Consumer'], 'Unspecified'),
    resource['service.name'],
    resource,
    scope_name,
    scope_version,
    mapFromArrays(span.attributes.key, arrayMap(toText, span.attributes.value)),
    if(span.end_time_unix_nano > span.start_time_unix_nano, span.end_time_unix_nano - span.start_time_unix_nano, 0),
    transform(span.status.code, [1, 2], ['Ok', 'Error'], 'Unset'),
    span.status.message,
    arrayMap(toTime, span.events.time_unix_nano),
    span.events.name,
    arrayMap(a -> mapFromArrays(a.key, arrayMap(toText, a.value)), span.events.attributes),
    arrayMap(id -> lower(hex(id)), span.links.trace_id),
    arrayMap(id -> lower(hex(id)), span.links.span_id),
    span.links.trace_state,
    arrayMap(a -> mapFromArrays(a.key, arrayMap(toText, a.value)), span.links.attributes),
    project,
    'turret'
FROM
(
    SELECT project, resource, scoped.scope.name AS scope_name, scoped.scope.version AS scope_version, arrayJoin(scoped.spans) AS span
    FROM
    (
        SELECT
            project,
            mapFromArrays(rs.resource.attributes.key, arrayMap(toText, rs.resource.attributes.value)) AS resource,
            arrayJoin(rs.scope_spans) AS scoped
        FROM
        (
            SELECT project, arrayJoin(traces.resource_spans) AS rs
            FROM input('project String, traces Tuple(resource_spans Array(Tuple(
                resource Tuple(attributes Array(Tuple(key String, value {{anyValue}}))),
                scope_spans Array(Tuple(
                    scope Tuple(name String, version String),
                    spans Array(Tuple(
                        trace_id String, span_id String, trace_state String, parent_span_id String, name String, kind Int32,
                        start_time_unix_nano UInt64, end_time_unix_nano UInt64,
                        attributes Array(Tuple(key String, value {{anyValue}})),
                        events Array(Tuple(time_unix_nano UInt64, name String, attributes Array(Tuple(key String, value {{anyValue}})))),
                        links Array(Tuple(trace_id String, span_id String, trace_state String, attributes Array(Tuple(key String, value {{anyValue}})))),
                        status Tuple(message String, code Int32))))))))')
        )
    )
)
FORMAT Protobuf
