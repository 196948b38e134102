// What the embedded server costs: start, memory at rest, a small query, and spool segments of 16 MiB.
// Run: npm run build && node clickhouse/bench/embedded.mjs [segments]

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import { loadFormat, loadQuery, migrate, openClickHouse } from '../dist/index.js'

const segments = Number(process.argv[2] ?? 5)
const segmentBytes = 16 * 1024 * 1024
const clockTicksPerSecond = 100 // Linux, USER_HZ
const anyValue = `Tuple(string_value String, bool_value Bool, int_value Int64, double_value Float64,
  value Enum8('none' = 0, 'string_value' = 1, 'bool_value' = 2, 'int_value' = 3, 'double_value' = 4))`

const directory = await mkdtemp(join(tmpdir(), 'turret-bench-'))
const openedAt = performance.now()
const db = await openClickHouse({ url: `chdb:${directory}` })
console.log(`open: ${(performance.now() - openedAt).toFixed(0)} ms, engine ${await db.version()}`)
await migrate(db)
console.log(`at rest: ${memory()}`)

await small(200)
const smallMs = await small(1000)
console.log(`SELECT 1: ${smallMs.toFixed(2)} ms each`)

const { bytes, spans } = makeSegment()
const file = join(directory, 'segment')
await writeFile(file, bytes)
const sql = loadQuery('insert_spans').replaceAll('{{anyValue}}', anyValue.replaceAll("'", String.raw`\'`))
for (let i = 0; i < segments; i++) {
  const [cpu, at] = [cpuMs(), performance.now()]
  const { writtenRows } = await db.insertBytes(sql, { file }, { token: `segment ${i}`, settings: segmentSettings() })
  console.log(
    `segment of ${(bytes.length / 1e6).toFixed(1)} MB, ${spans} spans, written ${writtenRows} (views too): ` +
      `${(performance.now() - at).toFixed(0)} ms, CPU ${cpuMs() - cpu} ms = ${((cpuMs() - cpu) / (spans / 1000)).toFixed(1)} µs a span; ${memory()}`,
  )
}
console.log(await db.query('SELECT count() AS spans FROM otel_traces'))
await db.close()
await rm(directory, { recursive: true })

async function small(times) {
  const at = performance.now()
  for (let i = 0; i < times; i++) await db.query('SELECT 1')
  return (performance.now() - at) / times
}

function segmentSettings() {
  return {
    format_schema_source: 'string',
    format_schema: loadFormat('spool.proto'),
    format_schema_message_name: 'Entry',
    input_format_protobuf_oneof_presence: 1,
    max_partitions_per_insert_block: 0,
    max_threads: 1,
    max_insert_threads: 1,
  }
}

/** Requests of 1000 spans with 12 attributes each, until the segment is full. */
function makeSegment() {
  const Entry = protobuf.parse(loadFormat('spool.proto')).root.lookupType('Entry')
  const parts = []
  let size = 0
  while (size < segmentBytes) {
    const spans = Array.from({ length: 1000 }, (_, i) => makeSpan(i))
    const traces = {
      resourceSpans: [
        { resource: { attributes: attributes({ 'service.name': 'bench' }) }, scopeSpans: [{ scope: { name: 'bench' }, spans }] },
      ],
    }
    const part = Buffer.from(Entry.encodeDelimited(Entry.fromObject({ project: 'default', receivedAt: '1', traces })).finish())
    parts.push(part)
    size += part.length
  }
  return { bytes: Buffer.concat(parts), spans: parts.length * 1000 }
}

function makeSpan(i) {
  const start = BigInt(Date.now()) * 1_000_000n
  return {
    traceId: randomBytes(16),
    spanId: randomBytes(8),
    name: 'chat',
    kind: 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 100_000_000n),
    status: { code: 1 },
    attributes: attributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': i,
      'gen_ai.usage.output_tokens': 0,
      'session.id': `s-${i % 100}`,
      'user.id': `u-${i % 37}`,
      'metadata.prompt': `How do I reset the password of account ${i}?\n\nIt is "urgent".`,
      'metadata.platform': 'ios',
      'metadata.beta': false,
      'gen_ai.request.temperature': 0.7,
      'server.port': 443,
      'server.address': '',
    }),
  }
}

function attributes(values) {
  const toAny = (value) => {
    if (typeof value === 'string') return { stringValue: value }
    if (typeof value === 'boolean') return { boolValue: value }
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value }
  }
  return Object.entries(values).map(([key, value]) => ({ key, value: toAny(value) }))
}

function childPid() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')[0])
}

function cpuMs() {
  const fields = readFileSync(`/proc/${childPid()}/stat`, 'utf8').split(') ')[1].split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / clockTicksPerSecond
}

function memory() {
  const status = readFileSync(`/proc/${childPid()}/status`, 'utf8')
  const megabytes = (name) => `${(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024).toFixed(0)} MiB`
  return `resident ${megabytes('VmRSS')} (program text and files ${megabytes('RssFile')}), peak ${megabytes('VmHWM')}`
}
