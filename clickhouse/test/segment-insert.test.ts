import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toClickHouseError, type ClickHouse, type InsertBody } from '../src/index.ts'
import { openTestClickHouse } from './support.ts'

// A small sibling of the spool's own schema: what the engine must be able to decode, without the columns of a real span.
const schema = `syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Span { bytes span_id = 1; fixed64 start_time_unix_nano = 2; repeated KeyValue attributes = 3; }
message Request { repeated Span spans = 1; }
message Entry { string project = 1; Request request = 2; }`
const Entry = protobuf.parse(schema).root.lookupType('Entry')

const anyValue = String.raw`Tuple(string_value String, bool_value Bool, int_value Int64, value Enum8(\'none\' = 0, \'string_value\' = 1, \'bool_value\' = 2, \'int_value\' = 3))`
const structure = `project String, request Tuple(spans Array(Tuple(span_id String, start_time_unix_nano UInt64,
  attributes Array(Tuple(key String, value ${anyValue})))))`
const sql = `INSERT INTO spans
  WITH (v -> multiIf(v.value = 'string_value', v.string_value, v.value = 'int_value', toString(v.int_value),
    v.value = 'bool_value', toString(v.bool_value), '')) AS toText
  SELECT project, lower(hex(span.span_id)), fromUnixTimestamp64Nano(toInt64(span.start_time_unix_nano)),
    mapFromArrays(span.attributes.key, arrayMap(toText, span.attributes.value))
  FROM (SELECT project, arrayJoin(request.spans) AS span FROM input('${structure}'))
  FORMAT Protobuf`
const settings = {
  format_schema_source: 'string',
  format_schema: schema,
  format_schema_message_name: 'Entry',
  input_format_protobuf_oneof_presence: 1,
  max_partitions_per_insert_block: 0,
}

let db: ClickHouse
let directory: string
let close: () => Promise<void>

beforeAll(async () => {
  ;({ db, directory, close } = await openTestClickHouse())
  await mkdir(join(directory, 'spool'))
})
afterAll(() => close())

beforeEach(async () => {
  await db.command('DROP TABLE IF EXISTS spans')
  await db.command(`CREATE TABLE spans (Project LowCardinality(String), SpanId String, Timestamp DateTime64(9), Attributes Map(LowCardinality(String), String))
    ENGINE = MergeTree PARTITION BY toDate(Timestamp) ORDER BY Timestamp SETTINGS non_replicated_deduplication_window = 1000`)
})

const insert = (body: InsertBody, token: string) => db.insertBytes(sql, body, { token, settings })
const count = async (): Promise<unknown> => (await db.query<{ n: number }>('SELECT count() AS n FROM spans'))[0]?.n

function segment(
  entries: number,
  spansPerEntry: number,
  attributes: object[] = [],
  nanoOf = (_i: number) => '1760000000123456789',
): Buffer {
  const messages = Array.from({ length: entries }, () => {
    const spans = Array.from({ length: spansPerEntry }, (_, i) => ({ spanId: randomBytes(8), startTimeUnixNano: nanoOf(i), attributes }))
    return Buffer.from(Entry.encodeDelimited(Entry.fromObject({ project: 'acme', request: { spans } })).finish())
  })
  return Buffer.concat(messages)
}

describe('a spool segment', () => {
  it('becomes rows once, however often it is inserted under its token', async () => {
    const bytes = segment(20, 100)
    const file = join(directory, 'spool', '0001.segment')
    await writeFile(file, bytes)

    const first = await insert({ file }, 'segment 1')
    await insert({ file }, 'segment 1')
    await insert(bytes, 'segment 1')
    await insert(bytes, 'segment 2')

    expect(first.writtenRows).toBe(2000)
    expect(await count()).toBe(4000)
  })

  it('keeps every value, and tells absent from empty, zero and false', async () => {
    const attributes = [
      { key: 'text', value: { stringValue: 'a\n\nb "c" \' \\ \0 👩‍👩‍👧; DROP TABLE spans' } },
      { key: 'empty', value: { stringValue: '' } },
      { key: 'zero', value: { intValue: 0 } },
      { key: 'false', value: { boolValue: false } },
      { key: 'absent', value: {} },
    ]

    await insert(segment(1, 1, attributes), 'values')

    expect(await db.query('SELECT Project, Timestamp, Attributes FROM spans')).toEqual([
      {
        Project: 'acme',
        Timestamp: '2025-10-09 08:53:20.123456789',
        Attributes: { text: 'a\n\nb "c" \' \\ \0 👩‍👩‍👧; DROP TABLE spans', empty: '', zero: '0', false: 'false', absent: '' },
      },
    ])
  })

  it('may hold spans of more than a hundred days', async () => {
    const dayNanos = 86_400_000_000_000n

    await insert(
      segment(1, 150, [], (i) => String(1_700_000_000_000_000_000n + BigInt(i) * dayNanos)),
      'days',
    )

    expect(await db.query('SELECT uniq(toDate(Timestamp)) AS days FROM spans')).toEqual([{ days: 150 }])
  })

  it('is refused whole and for good when it is damaged', async () => {
    const bytes = segment(5, 10)

    const cut = await insert(bytes.subarray(0, bytes.length - 7), 'cut').catch(toClickHouseError)
    const garbage = await insert(Buffer.concat([bytes, randomBytes(200)]), 'garbage').catch(toClickHouseError)

    expect([cut, garbage]).toEqual([expect.objectContaining({ retryable: false }), expect.objectContaining({ retryable: false })])
    expect(await count()).toBe(0)
  })
})
