/** Inserts protobuf messages that ClickHouse decodes itself. */
import { type ClickHouse, type Settings, loadFormat, loadQuery } from '@turret/clickhouse'

/** Where messages go, and how ClickHouse reads them. */
export interface Target {
  readonly table: string
  readonly sql: string
  /** Name in clickhouse/formats/spool.proto. */
  readonly message: 'Entry' | 'Event'
  readonly settings?: Settings
}

const anyValue =
  "Tuple(string_value String, bool_value Bool, int_value Int64, double_value Float64, value Enum8('none' = 0, 'string_value' = 1, 'bool_value' = 2, 'int_value' = 3, 'double_value' = 4))"
const withAnyValue = (sql: string): string => sql.replaceAll('{{anyValue}}', anyValue.replaceAll("'", String.raw`\'`))
const schema = loadFormat('spool.proto')

export const targets = {
  spans: {
    table: 'otel_traces',
    sql: withAnyValue(loadQuery('insert_spans')),
    message: 'Entry',
    settings: { materialize_skip_indexes_on_insert: 0 }, // merges make them: what one INSERT brought is quickly read without
  },
  logs: { table: 'otel_logs', sql: withAnyValue(loadQuery('insert_logs')), message: 'Entry' },
  events: { table: 'events', sql: loadQuery('insert_events'), message: 'Event' },
  parts: { table: 'turn_parts', sql: loadQuery('insert_turn_parts'), message: 'Event' },
} as const satisfies Record<string, Target>

/**
 * @param body length-delimited messages
 * @param token the same one twice adds nothing
 */
export async function insertMessages(
  db: ClickHouse,
  target: Target,
  body: Buffer | { file: string },
  { token, signal }: { token: string; signal: AbortSignal },
): Promise<void> {
  await db.insertBytes(target.sql, body, {
    token: `${target.table}:${token}`,
    signal,
    settings: {
      format_schema_source: 'string',
      format_schema: schema,
      format_schema_message_name: target.message,
      input_format_protobuf_oneof_presence: 1,
      max_partitions_per_insert_block: 0, // spans of many days may come in one segment
      max_threads: 1,
      max_insert_threads: 1, // one block order, so that a replay is recognised by its token
      input_format_max_block_size_bytes: 16 * 1024 * 1024, // decoded in pieces: a segment at once would take half the engine's memory
      min_insert_block_size_bytes: 64 * 1024 * 1024, // and written in parts of at least so much
      short_circuit_function_evaluation: 'disable', // all branches of an attribute's value cost less than picking the rows for each
      optimize_on_insert: 0, // rows of one key are told apart when they are read anyway; here it costs as much as writing them
      ...target.settings,
    },
  })
}
