/**
 * `npm run bench:journeys`: JourneyBench through the running collector: are journeys over found topics those over the true intents?
 * With a sentence model, a score below its bar makes the exit code 1; for the builtin table they are printed.
 *
 *   --model <directory>   an imported sentence model; default: the builtin table
 *   --sessions 3000       of the data set, the first ones
 *   --settle 40           seconds without a new clustering run, after which the topics count as settled
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Client, createClient, streamList } from '../../src/query/client.ts'
import { freePort, startCollectorProcess, stopCollectorProcess } from '../../test/collector-process.ts'
import { hasShared, readSharedRows } from '../../test/shared-data.ts'
import { check } from '../topics/print.ts'
import { type JourneyScores, type LabelledSession, scoreJourneys } from './scores.ts'

interface Turn {
  readonly text: string
  readonly label: string
  readonly session_id: string
  readonly turn: number
}

const path = 'datasets/sgd-intent-turns.jsonl.gz'
const batch = 500

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    sessions: { type: 'string', default: '3000' },
    settle: { type: 'string', default: '40' },
  },
})
const settleMs = Number(flags.settle) * 1000

/** What journeys over topics of a sentence model must reach. */
const bars: readonly (readonly [score: keyof JourneyScores, relation: '>=' | '<=', bar: number])[] = [
  ['turnAccuracy', '>=', 0.7],
  ['rows', '<=', 0.48],
  ['top3', '>=', 0.62],
]

/** Batch clustering of MiniLM vectors, one topic matched to one intent: topics · Leiden γ = 2 · k-means with the true k · shuffled labels. */
const references = {
  'topics, MiniLM': '.714 .323 .282 .557 .471 .606 .626',
  'Leiden γ=2': '.735 .269 .250 .553 .462 .515 .641',
  'k-means, true k': '.627 .371 .270 .610 .477 .545 .606',
  'shuffled labels': '.082 .612 .678 .907 .906 .030 .051',
}

async function main(): Promise<void> {
  if (!hasShared(path)) return
  const sessions = [...groupBy(readSharedRows<Turn>(path), (turn) => turn.session_id)].slice(0, Number(flags.sessions))
  const dataDir = await mkdtemp(join(tmpdir(), 'turret-journeys-'))
  const collector = await startCollectorProcess({ dataDir, port: await freePort(), config: toConfig(flags.model) })
  try {
    const intents = await send(collector.url, sessions)
    const client = createClient({ url: collector.url })
    await settle(client, intents.size)
    const labelled = await readBack(collector.url, intents)
    const { embedding, last_run } = await client.overview({})
    console.log(
      `${sessions.length} sessions, ${intents.size} turns, embedding ${embedding}, ${last_run?.topics ?? 0} topics in the last run\n`,
    )
    console.log(['', 'topics', 'accuracy', 'starts', 'ends', 'pairs', 'rows', 'top-1', 'top-3'].map(cell).join(''))
    const scores = scoreJourneys(labelled)
    print('here', scores)
    for (const [name, figures] of Object.entries(references)) console.log([name, '', ...figures.split(' ')].map(cell).join(''))
    for (const [score, relation, bar] of flags.model === undefined ? [] : bars) check(score, scores[score], relation, bar)
  } finally {
    await stopCollectorProcess(collector)
    await rm(dataDir, { recursive: true })
  }
}

function toConfig(model: string | undefined): string[] {
  if (model === undefined) return []
  return [`yaml:connectors::topics::embedding: {provider: onnx, onnx: {dir: ${JSON.stringify(resolve(model))}}}`]
}

/** Tracks every turn at a time of its own, by which it is found again. @returns the true intent by time */
async function send(url: string, sessions: readonly (readonly [string, readonly Turn[]])[]): Promise<Map<string, string>> {
  const intents = new Map<string, string>()
  const start = Date.now() - 20 * 24 * 3600_000
  const bodies = sessions.flatMap(([session_id, turns], s) =>
    turns.map(({ text, label, turn }) => {
      const timestamp = new Date(start + s * 500_000 + turn * 1000).toISOString()
      intents.set(timestamp, label)
      return { name: 'message', metadata: { prompt: text }, session_id, timestamp }
    }),
  )
  for (let i = 0; i < bodies.length; i += batch) {
    const body = JSON.stringify(bodies.slice(i, i + batch))
    const response = await fetch(`${url}/track`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    if (!response.ok) throw new Error(`/track answered ${response.status} ${await response.text()}`)
  }
  return intents
}

/** Waits until every turn has an anchor and no clustering run has come for a while. */
async function settle(client: Client, turns: number): Promise<void> {
  let version = -1
  let since = Date.now()
  while (Date.now() - since < settleMs) {
    await delay(2000)
    const { total, pending_events, last_run } = await client.overview({})
    if (last_run?.version === version && total.events === turns && pending_events === 0) continue
    version = last_run?.version ?? -1
    since = Date.now()
  }
}

async function readBack(url: string, intents: ReadonlyMap<string, string>): Promise<LabelledSession[]> {
  const events: { session_id: string; timestamp: string; topic_id: string }[] = []
  for await (const page of streamList({ url }, 'events', { limit: 5000 }, 'application/x-ndjson')) {
    for (const line of page.split('\n')) if (line !== '') events.push(JSON.parse(line) as (typeof events)[number])
  }
  events.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1))
  return [...groupBy(events, (event) => event.session_id).values()].map((turns) => ({
    gold: turns.map((turn) => intents.get(turn.timestamp) ?? ''),
    found: turns.map((turn) => turn.topic_id),
  }))
}

function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row])
  return groups
}

function print(name: string, { topics, ...scores }: JourneyScores): void {
  console.log(
    [name, String(topics), ...Object.values(scores).map((score: number) => score.toFixed(3).replace(/^0/, ''))].map(cell).join(''),
  )
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(28) : text.padStart(10)
}

await main()
