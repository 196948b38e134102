-- Stores the log records of one spool segment. Body: length-delimited Entry messages (clickhouse/formats/spool.proto).
INSERT INTO otel_logs
    (Timestamp, TraceId, SpanId, TraceFlags, SeverityText, SeverityNumber, ServiceName, Body, ResourceSchemaUrl, ResourceAttributes,
     ScopeSchemaUrl, ScopeName, ScopeVersion, ScopeAttributes, LogAttributes, EventName, Project)
WITH
    (v -> multiIf(v.value = 'string_value', v.string_value, v.value = 'int_value', toString(v.int_value),
        v.value = 'double_value', toString(v.double_value), v.value = 'bool_value', if(v.bool_value, 'true', 'false'), '')) AS toText
SELECT
    fromUnixTimestamp64Nano(toInt64(least(if(record.time_unix_nano != 0, record.time_unix_nano, record.observed_time_unix_nano), toUInt64(9223372036854775807)))),
    lower(hex(record.trace_id)),
    lower(hex(record.span_id)),
    toUInt8(bitAnd(record.flags, 255)),
    record.severity_text,
    toUInt8(greatest(0, least(255, record.severity_number))),
    resource['service.name'],
    toText(record.body),
    resource_schema_url,
    resource,
    scoped.schema_url,
    scoped.scope.name,
    scoped.scope.version,
    mapFromArrays(scoped.scope.attributes.key, arrayMap(toText, scoped.scope.attributes.value)),
    mapFromArrays(record.attributes.key, arrayMap(toText, record.attributes.value)),
    record.event_name,
    project
FROM
(
    SELECT project, resource, resource_schema_url, scoped, arrayJoin(scoped.log_records) AS record
    FROM
    (
        SELECT
            project,
            mapFromArrays(rl.resource.attributes.key, arrayMap(toText, rl.resource.attributes.value)) AS resource,
            rl.schema_url AS resource_schema_url,
            arrayJoin(rl.scope_logs) AS scoped
        FROM
        (
            SELECT project, arrayJoin(logs.resource_logs) AS rl
            FROM input('project String, logs Tuple(resource_logs Array(Tuple(
                resource Tuple(attributes Array(Tuple(key String, value {{anyValue}}))),
                scope_logs Array(Tuple(
                    scope Tuple(name String, version String, attributes Array(Tuple(key String, value {{anyValue}}))),
                    log_records Array(Tuple(
                        time_unix_nano UInt64, severity_number Int32, severity_text String, body {{anyValue}},
                        attributes Array(Tuple(key String, value {{anyValue}})),
                        flags UInt32, trace_id String, span_id String, observed_time_unix_nano UInt64, event_name String)),
                    schema_url String)),
                schema_url String)))')
        )
    )
)
FORMAT Protobuf
