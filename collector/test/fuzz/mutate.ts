/** Broken inputs from whole ones, the same for the same seed. */
import type { Random } from '../../src/demo/random.ts'

/** Flips bits, cuts, doubles, inserts and overwrites; sometimes nothing of the original is left. */
export function mutateBytes(original: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original)
  for (let step = int(random, 4); step >= 0; step--) {
    const at = int(random, bytes.length + 1)
    const kind = int(random, 7)
    if (kind === 0) bytes = bytes.subarray(0, at)
    else if (kind === 1 && bytes.length > 0) bytes[Math.min(at, bytes.length - 1)]! ^= 1 << int(random, 8)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), randomBytes(random, int(random, 20)), bytes.subarray(at)])
    else if (kind === 3 && bytes.length > 0) bytes[Math.min(at, bytes.length - 1)] = extremes[int(random, extremes.length)]!
    else if (kind === 4) bytes = Buffer.concat([bytes, bytes.subarray(at)])
    else if (kind === 5) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + int(random, 30)))])
    else if (int(random, 10) === 0) bytes = randomBytes(random, int(random, 300))
  }
  return bytes
}

/** Replaces, removes and adds values anywhere in a JSON value; sometimes the text itself is broken. */
export function mutateJson(original: unknown, random: Random): string {
  let value: unknown = JSON.parse(JSON.stringify(original))
  for (let step = int(random, 3); step >= 0; step--) value = mutateValue(value, random, 0)
  const text = JSON.stringify(value) ?? ''
  return int(random, 6) === 0 ? mutateBytes(Buffer.from(text), random).toString('utf8') : text
}

/** A JSON text of anything. */
export function randomJson(random: Random): string {
  return JSON.stringify(randomValue(random, 0)) ?? 'null'
}

/** Words, numbers, ids and what SQL, URLs and Unicode find odd. */
export function randomText(random: Random): string {
  return pieces[int(random, pieces.length)]! + (int(random, 3) === 0 ? pieces[int(random, pieces.length)]! : '')
}

const extremes = [0, 1, 0x7f, 0x80, 0xff, 10, 18]
const pieces = [
  ...['', '0', '-1', '1e309', 'NaN', 'null', 'now', 'now-7d', '2026-11-24T09:00:00Z', '9999-12-31T23:59:59Z', '9f86d081884c7d65'],
  ...["'", "' OR 1=1 --", '"', '\\', '\\x', '%', '%zz', '%00', '\u0000', '\ud800', '👩‍👩‍👧', '٣', '../..', '{p:String}', '{{database}}'],
  ...['1..2', '..', '..5', 'a,b', ',', 'topic', 'subtopic', 'drop_offs', 'x'.repeat(3000), '18446744073709551616', '[1]', '{"a":1}'],
]

function mutateValue(value: unknown, random: Random, depth: number): unknown {
  if (int(random, 5) === 0 || typeof value !== 'object' || value === null) return randomValue(random, depth)
  if (Array.isArray(value)) {
    const list = [...(value as unknown[])]
    if (list.length === 0 || int(random, 4) === 0) list.push(randomValue(random, depth + 1))
    const at = int(random, list.length)
    list[at] = mutateValue(list[at], random, depth + 1)
    return list
  }
  const record = { ...(value as Record<string, unknown>) }
  const keys = Object.keys(record)
  const key = keys.length === 0 || int(random, 4) === 0 ? randomText(random) : keys[int(random, keys.length)]!
  if (int(random, 5) === 0) delete record[key]
  else record[key] = mutateValue(record[key], random, depth + 1)
  return record
}

function randomValue(random: Random, depth: number): unknown {
  const kind = int(random, depth > 4 ? 6 : 8)
  if (kind === 0) return null
  if (kind === 1) return random.next() < 0.5
  if (kind === 2) return (random.next() - 0.5) * 10 ** int(random, 30)
  if (kind === 3) return int(random, 100)
  if (kind < 6) return randomText(random)
  const items = Array.from({ length: int(random, 4) }, () => randomValue(random, depth + 1))
  return kind === 6 ? items : Object.fromEntries(items.map((item) => [randomText(random), item]))
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => int(random, 256)))
}

function int(random: Random, below: number): number {
  return Math.floor(random.next() * below)
}
