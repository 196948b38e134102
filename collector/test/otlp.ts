/** Builds OTLP requests for tests with protobufjs: an oracle that shares no code with the collector. */
import protobuf from 'protobufjs'

const schema = `syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
  ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; }
message Status { string message = 2; int32 code = 3; }
message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
  repeated Event events = 11; repeated Link links = 13; Status status = 15; fixed32 flags = 16; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message TracesRequest { repeated ResourceSpans resource_spans = 1; }
message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6;
  fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message LogsRequest { repeated ResourceLogs resource_logs = 1; }
message PartialSuccess { int64 rejected = 1; string error_message = 2; }
message Response { PartialSuccess partial_success = 1; }
message RpcStatus { int32 code = 1; string message = 2; }`

const root = protobuf.parse(schema).root
const types = {
  traces: root.lookupType('TracesRequest'),
  logs: root.lookupType('LogsRequest'),
  response: root.lookupType('Response'),
  status: root.lookupType('RpcStatus'),
}

export type Value = string | number | boolean | Value[] | Uint8Array | { [key: string]: Value }

export interface TestSpan {
  traceId?: string
  spanId?: string
  parentSpanId?: string
  name?: string
  kind?: number
  startMs?: number
  endMs?: number
  attributes?: Record<string, Value>
  events?: { name: string; attributes?: Record<string, Value> }[]
  status?: { code: number; message?: string }
}

let counter = 0

/** 16 hex digits, a new one at each call. */
export function nextSpanId(): string {
  return (++counter).toString(16).padStart(16, '0')
}

/** ExportTraceServiceRequest of one resource and scope. */
export function tracesRequest(spans: readonly TestSpan[], options: { resource?: Record<string, Value>; scope?: string } = {}): Buffer {
  const message = {
    resourceSpans: [
      {
        resource: { attributes: keyValues(options.resource ?? { 'service.name': 'test' }) },
        scopeSpans: [{ scope: { name: options.scope ?? 'test' }, spans: spans.map(toSpan) }],
      },
    ],
  }
  return Buffer.from(types.traces.encode(types.traces.fromObject(message)).finish())
}

export interface TestLog {
  traceId?: string
  spanId?: string
  eventName?: string
  body?: Value
  attributes?: Record<string, Value>
  timeMs?: number
}

export function logsRequest(records: readonly TestLog[], options: { resource?: Record<string, Value>; scope?: string } = {}): Buffer {
  const logRecords = records.map((record) => ({
    timeUnixNano: nanos(record.timeMs ?? 1_790_000_000_000),
    body: record.body === undefined ? undefined : anyValue(record.body),
    attributes: keyValues(record.attributes ?? {}),
    traceId: Buffer.from(record.traceId ?? '', 'hex'),
    spanId: Buffer.from(record.spanId ?? '', 'hex'),
    eventName: record.eventName ?? '',
  }))
  const message = {
    resourceLogs: [
      {
        resource: { attributes: keyValues(options.resource ?? { 'service.name': 'test' }) },
        scopeLogs: [{ scope: { name: options.scope ?? 'test' }, logRecords }],
      },
    ],
  }
  return Buffer.from(types.logs.encode(types.logs.fromObject(message)).finish())
}

export function decode(type: keyof typeof types, bytes: Uint8Array): Record<string, unknown> {
  return types[type].toObject(types[type].decode(bytes), { longs: String, bytes: String, defaults: false })
}

function toSpan(span: TestSpan): object {
  return {
    traceId: Buffer.from(span.traceId ?? 'a'.repeat(32), 'hex'),
    spanId: Buffer.from(span.spanId ?? nextSpanId(), 'hex'),
    parentSpanId: Buffer.from(span.parentSpanId ?? '', 'hex'),
    name: span.name ?? 'chat',
    kind: span.kind ?? 3,
    startTimeUnixNano: nanos(span.startMs ?? 1_790_000_000_000),
    endTimeUnixNano: nanos(span.endMs ?? 1_790_000_000_100),
    attributes: keyValues(span.attributes ?? {}),
    events: (span.events ?? []).map((event) => ({
      timeUnixNano: nanos(1_790_000_000_050),
      name: event.name,
      attributes: keyValues(event.attributes ?? {}),
    })),
    status: span.status,
  }
}

function nanos(ms: number): string {
  return `${Math.round(ms)}000000`
}

function keyValues(values: Record<string, Value>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: Value): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: value } : { doubleValue: value }
  if (value instanceof Uint8Array) return { bytesValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value) } }
}
