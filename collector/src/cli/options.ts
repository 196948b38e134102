/** Options that the commands share, and what they become. */
import { type Command, InvalidArgumentError } from 'commander'
import type { Filters, Level } from '../query/contract/common.ts'
import { type Client, createClient } from '../query/client.ts'

/** Collects an option that may be given several times. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value]
}

/** Where the collector is and who asks. */
export interface ServerOptions {
  readonly url: string
  readonly apiKey?: string
}

/** Adds `--url` and `--api-key`. */
export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'the collector', process.env['TURRET_URL'] ?? 'http://127.0.0.1:4318')
    .option('--api-key <key>', 'API key', process.env['TURRET_API_KEY'])
}

export function clientOf({ url, apiKey }: ServerOptions): Client {
  return createClient({ url, apiKey })
}

/** What every reading command takes. */
export interface ReadOptions extends ServerOptions {
  readonly from: string
  readonly to?: string
  readonly level: Level
  readonly segment: string[]
  readonly range: string[]
  readonly user?: string[]
  readonly name?: string[]
  readonly topic?: string[]
  readonly dimension?: string
  readonly json?: boolean
}

/** Adds the server, `--json` and the filters of the query API. */
export function withFilters(command: Command): Command {
  return withServer(command)
    .option('--from <time>', 'since: RFC 3339 or relative, such as now-7d', 'now-30d')
    .option('--to <time>', 'until')
    .option('--level <level>', 'subtopic, topic or theme', toLevel, 'topic')
    .option('--segment <field=value,…>', 'only events whose field has one of these values; may be repeated', collect, [])
    .option('--range <field=min..max>', 'only events whose number field lies in the range; may be repeated', collect, [])
    .option('--user <id>', 'only this user; may be repeated', collect)
    .option('--name <name>', 'only events of this name; may be repeated', collect)
    .option('--topic <id>', 'only this topic; may be repeated', collect)
    .option('--dimension <key>', 'only texts of this metadata key')
    .option('--json', 'print JSON')
}

/** The options as filters of the query API. */
export function toFilters(options: ReadOptions): Filters & { level: Level } {
  const { from, to, level, user, name, topic, dimension } = options
  const segments = Object.fromEntries(
    options.segment.map((text) => split(text, '--segment')).map(([field, values]) => [field, values.split(',')]),
  )
  const ranges = Object.fromEntries(options.range.map((text) => split(text, '--range')).map(([field, bounds]) => [field, toRange(bounds)]))
  return {
    from,
    level,
    ...(to !== undefined && { to }),
    ...(user !== undefined && { user_id: user }),
    ...(name !== undefined && { name }),
    ...(topic !== undefined && { topic_id: topic }),
    ...(dimension !== undefined && { dimension }),
    ...(options.segment.length > 0 && { segments }),
    ...(options.range.length > 0 && { ranges }),
  }
}

function toLevel(text: string): Level {
  if (text === 'subtopic' || text === 'topic' || text === 'theme') return text
  throw new InvalidArgumentError('expected subtopic, topic or theme')
}

function split(text: string, option: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`${option}: expected field=value, got ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function toRange(text: string): { min?: number; max?: number } {
  const [, min, max] = /^(-?[\d.]*)\.\.(-?[\d.]*)$/.exec(text) ?? []
  if (min === undefined || max === undefined || (min === '' && max === '')) throw new Error(`--range: expected min..max, got ${text}`)
  return { ...(min !== '' && { min: Number(min) }), ...(max !== '' && { max: Number(max) }) }
}
