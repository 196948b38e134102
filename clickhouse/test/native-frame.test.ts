import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { frameNative } from '../src/embedded/native-frame.ts'
import type { EmbeddedServer } from '../src/index.ts'
import { startTestServer } from './support.ts'

const blockInfo = '01 00 02 ff ff ff ff 00'

describe('framing a Native result', () => {
  it('puts a BlockInfo before each block, and from revision 54454 on a byte behind each type', async () => {
    const block = bytes('01 02 01 78 05 55 49 6e 74 38 01 02') // 1 column, 2 rows, x UInt8: 1, 2

    expect(await frame([block, block], 54405)).toEqual(bytes(`${blockInfo} ${hex(block)} ${blockInfo} ${hex(block)}`))
    const newer = `${blockInfo} 01 02 01 78 05 55 49 6e 74 38 00 01 02`
    expect(await frame([block, block], 54454)).toEqual(bytes(`${newer} ${newer}`))
  })

  it('reads a block that comes in pieces', async () => {
    const block = bytes('01 02 01 78 06 53 74 72 69 6e 67 01 61 02 62 63') // x String: 'a', 'bc'

    const pieces = Array.from(block, (_, i) => block.subarray(i, i + 1))

    expect(await frame(pieces, 54460)).toEqual(await frame([block], 54460))
  })

  it('says so when a result ends inside a block', async () => {
    await expect(frame([bytes('01 02 01 78')], 54460)).rejects.toThrow('inside a block')
  })
})

// Every type stands between two others, so a column whose end is missed by a byte is seen.
const columns = [
  [
    'every width of numbers',
    'toInt8(-1), toInt16(n), toUInt32(n), toInt64(n), toUInt128(n), toInt256(n), n / 3, toFloat32(n), toBFloat16(n), true',
  ],
  ['times', "toDate(n), toDate32(n), toDateTime(n), toDateTime(n, 'UTC'), toDateTime64(n, 9, 'UTC'), toIntervalDay(n)"],
  ['decimals', 'toDecimal32(n, 2), toDecimal64(n, 2), toDecimal128(n, 2), toDecimal256(n, 2)'],
  ['ids', "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toIPv4('1.2.3.4'), toIPv6('::1')"],
  [
    'texts',
    "toString(n), repeat('x', n * 200), toFixedString('abc', 3), CAST('it''s' AS Enum8('it''s' = 1, 'a, b)' = 2)), CAST('b' AS Enum16('a' = 1, 'b' = 999))",
  ],
  ['nulls', 'if(n % 2, n, NULL), if(n % 2, toString(n), NULL), NULL'],
  ['arrays', 'range(n), [[toString(n)], []], emptyArrayUInt8(), [], [if(n = 1, NULL, n)]'],
  ['tuples', "(n, toString(n)), CAST((n, 'x') AS Tuple(a UInt64, `b c` String)), [(n, [toString(n)])]"],
  ['maps', "map('a', n), map('k', [n]), CAST(map('a', 'b') AS Map(LowCardinality(String), LowCardinality(String)))"],
  [
    'dictionaries',
    "toLowCardinality(toString(n % 2)), [toLowCardinality('a'), 'b'], CAST(if(n = 1, NULL, 'x') AS LowCardinality(Nullable(String)))",
  ],
  ['dictionaries in tuples', "(toLowCardinality('a'), [toLowCardinality(toString(n))], n), CAST([] AS Array(LowCardinality(String)))"],
] as const

describe('a client that sends its protocol version', () => {
  let server: EmbeddedServer
  let close: () => Promise<void>
  beforeAll(async () => void ({ server, close } = await startTestServer()))
  afterAll(() => close())

  const ask = async (sql: string, version = 0): Promise<{ status: number; body: Buffer }> => {
    const { origin, username, password } = new URL(server.url)
    const response = await fetch(`${origin}/?default_format=Native&client_protocol_version=${version}&max_block_size=3`, {
      method: 'POST',
      body: sql,
      headers: { 'x-clickhouse-user': username, 'x-clickhouse-key': decodeURIComponent(password) },
    })
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
  }

  it.each(columns)('gets %s framed, each column at its place', async (_, expressions) => {
    // A column alone has a header of known length; together they must be the same headers and data in one block.
    const names = ['n', ...splitTopLevel(expressions), "'end'"]
    const single = await Promise.all(names.map((name) => ask(`SELECT ${name} AS c FROM (SELECT number AS n FROM numbers(3))`)))
    const parts = single.map(({ body }) => splitHeader(body))

    const { status, body } = await ask(
      `SELECT ${names.map((name, i) => `${name} AS ${'c'.repeat(i + 1)}`).join(', ')} FROM (SELECT number AS n FROM numbers(3))`,
      54460,
    )

    const expected = parts.map(({ type, data }, i) => Buffer.concat([withLength('c'.repeat(i + 1)), withLength(type), Buffer.of(0), data]))
    expect(status).toBe(200)
    expect(hex(body)).toBe(hex(Buffer.concat([bytes(blockInfo), Buffer.of(names.length, 3), ...expected])))
  })

  it('is told to cast a column of a type whose end cannot be found', async () => {
    const { status, body } = await ask(`SELECT '{"a":1}'::JSON AS j`, 54460)

    expect([status, body.toString()]).toEqual([501, expect.stringMatching(/^Code: 48\. .*type JSON cannot be sent as Native.*toString/)])
  })

  it('gets the error of a query that fails', async () => {
    expect(await ask('SELECT nothing', 54460)).toMatchObject({ status: 404 })
  })
})

/** Cuts `1 column, 3 rows, c, type, data`. */
function splitHeader(block: Buffer): { type: string; data: Buffer } {
  expect([...block.subarray(0, 4)]).toEqual([1, 3, 1, 'c'.charCodeAt(0)])
  const size = block[4]! // below 128 for every type here
  return { type: block.toString('utf8', 5, 5 + size), data: block.subarray(5 + size) }
}

function withLength(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text)])
}

function splitTopLevel(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|[^]/g)) {
    depth += Number('(['.includes(token)) - Number(')]'.includes(token))
    if (token === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts.map((part) => part.trim())
}

async function frame(parts: readonly Uint8Array[], version: number): Promise<Buffer> {
  const framed: Uint8Array[] = []
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* parts
  }
  for await (const part of frameNative(source(), version)) framed.push(part)
  return Buffer.concat(framed)
}

function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

function hex(buffer: Buffer): string {
  return buffer.toString('hex')
}
