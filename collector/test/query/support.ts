/** A real database and a real query app for the tests of the reading side. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouse, migrate, openClickHouse } from '@turret/clickhouse'
import { createQueryApp, type QueryAppOptions } from '../../src/query/app.ts'
import { routes } from '../../src/query/contract/routes.ts'
import { toTopicId } from '../../src/query/topic-id.ts'

export const now = new Date('2026-11-24T12:00:00.000Z')
export const idleMs = 30 * 60_000

export interface TestDatabase {
  readonly db: ClickHouse
  close(): Promise<void>
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'turret-query-'))
  const db = await openClickHouse({ url: `chdb:${directory}` })
  await migrate(db)
  return {
    db,
    close: async () => {
      await db.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** An event of a test: what it does not say is a plain default. */
export interface TestEvent {
  readonly session: string
  /** Seconds before `now`. */
  readonly ago: number
  readonly id?: string
  readonly anchor?: number | bigint
  readonly arrivalTopic?: bigint
  readonly text?: string
  readonly textHash?: bigint
  readonly user?: string
  readonly name?: string
  readonly fields?: Record<string, string>
  readonly project?: string
  readonly dimension?: string
  readonly rank?: number
  readonly version?: number
  readonly deleted?: boolean
  readonly error?: boolean
  readonly latencyMs?: number
  readonly tokens?: number
  readonly cost?: number
  readonly source?: string
}

let inserted = 0

export async function insertEvents(db: ClickHouse, events: readonly TestEvent[]): Promise<void> {
  const rows = events.map((event, i) => {
    const time = new Date(now.getTime() - event.ago * 1000).toISOString()
    const id = event.id ?? `e${inserted++}-${i}`
    return {
      Project: event.project ?? 'default',
      EventId: id,
      SessionId: event.session,
      SessionSource: event.source ?? 'session.id',
      UserId: event.user ?? 'ann',
      Name: event.name ?? 'chat',
      Dimension: event.dimension ?? 'prompt',
      DimensionRank: event.rank ?? 0,
      Text: event.text ?? `text ${id}`,
      TextHash: event.textHash ?? BigInt(1_000_000 + inserted * 100_000 + i),
      AnchorId: event.anchor ?? 0,
      ArrivalTopicId: event.arrivalTopic ?? 0n,
      Similarity: 0.9,
      OutlierScore: 0.5,
      Sentiment: 0.25,
      Fields: event.fields ?? {},
      Answer: '',
      Tools: [],
      Model: 'gpt',
      InputTokens: event.tokens ?? 10,
      OutputTokens: 5,
      Cost: event.cost ?? 0.01,
      LatencyMs: event.latencyMs ?? 100,
      IsError: event.error ? 1 : 0,
      StatusMessage: '',
      TraceId: 'a'.repeat(32),
      SpanId: 'b'.repeat(16),
      Timestamp: time,
      ReceivedAt: time,
      Version: event.version ?? 1,
      IsDeleted: event.deleted ? 1 : 0,
    }
  })
  await db.insertRows('events', rows, { token: `test ${inserted++}` })
}

/** Topic number n of the tests, on each level, as ids of the API. Anchor n belongs to topic n, subtopic n and theme of n. */
export const topic = (n: number): string => toTopicId(topicNumber(n))
export const subtopic = (n: number): string => toTopicId(2_000_000n + BigInt(n))
export const theme = (n: number): string => toTopicId(3_000_000n + BigInt(n % 2))
export const topicNumber = (n: number): bigint => 1_000_000n + BigInt(n)

/** Publishes topics 1…count with anchors of the same numbers and labels "topic n". */
export async function insertTopics(db: ClickHouse, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const anchors = numbers.map((n) => ({
    Project: 'default',
    AnchorId: n,
    SubtopicId: BigInt(`0x${subtopic(n)}`),
    TopicId: topicNumber(n),
    ThemeId: BigInt(`0x${theme(n)}`),
    Version: 1,
  }))
  const row = (Level: string, TopicId: string, ParentId: string, Label: string) => ({
    Project: 'default',
    Level,
    TopicId: BigInt(`0x${TopicId}`),
    ParentId: BigInt(`0x${ParentId}`),
    State: 'active',
    RedirectTo: 0,
    Label,
    Description: '',
    LabelSource: 'phrase',
    Keyphrases: [Label],
    Examples: [`how about ${Label}`],
    Hidden: 0,
    Pinned: 0,
    Mass: 10,
    BornAt: '2026-11-01T00:00:00.000Z',
    Version: 1,
  })
  const rows = numbers.flatMap((n) => [
    row('subtopic', subtopic(n), topic(n), `subtopic ${n}`),
    row('topic', topic(n), theme(n), `topic ${n}`),
  ])
  const themes = [...new Set(numbers.map(theme))].map((id) => row('theme', id, toTopicId(0n), 'theme'))
  await db.insertRows('anchor_topics', anchors, { token: `anchors ${inserted++}` })
  await db.insertRows('topics', [...rows, ...themes], { token: `topics ${inserted++}` })
  await db.command(`SYSTEM RELOAD DICTIONARY ${db.database}.anchor_topics_now`)
}

export interface TestApi {
  /** Asks, and fails unless the status is 200 and the answer obeys its schema. */
  get<T>(path: string, headers?: Record<string, string>): Promise<T>
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export function openTestApi(db: ClickHouse, options: Partial<QueryAppOptions> = {}): TestApi {
  let failure: unknown
  const app = createQueryApp({
    db,
    now: () => now,
    idleMs,
    topicsMaxAgeMs: 0,
    version: '1.2.3',
    authenticate: () => ({ project: 'default', keyId: 'tester' }),
    onError: (error) => {
      failure = error
    },
    onAnswer: (route, answer) => void routes[route].answer.parse(answer),
    ...options,
  })
  const request = async (path: string, init?: RequestInit): Promise<Response> => app.request(`/api/v1${path}`, init)
  return {
    fetch: request,
    get: async (path, headers) => {
      const response = await request(path, headers && { headers })
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()} ${causes(failure)}`)
      return (await response.json()) as never
    },
  }
}

function causes(error: unknown): string {
  return error instanceof Error ? `${error.message} ${causes(error.cause)}` : ''
}
