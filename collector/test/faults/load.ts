/** Load that remembers what was acknowledged, and the check that all of it is stored exactly once. */
import { openClickHouse } from '@turret/clickhouse'
import { METADATA_PREFIX } from '@turret/exporter/attributes'
import { tracesRequest } from '../otlp.ts'

export interface Load {
  /** Texts that got a 200. */
  readonly acknowledged: Set<string>
  /** Answers by status; 0 = no answer. */
  readonly answers: Map<number, number>
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly url: () => string
  /** Told apart from other loads by it. */
  readonly name: string
  readonly senders?: number
  /** Between two requests of one sender. */
  readonly pauseMs?: number
  /** Added to each text. */
  readonly padding?: string
}

/** Half of the senders use /track, the others OTLP with five spans a request; nobody ever sends a text again. */
export function startLoad({ url, name, senders = 8, pauseMs = 0, padding = '' }: LoadOptions): Load {
  const acknowledged = new Set<string>()
  const answers = new Map<number, number>()
  let running = true

  const sendOne = async (sender: number, i: number): Promise<void> => {
    const session = `${name}-s${sender}`
    const texts = Array.from({ length: sender % 2 === 0 ? 1 : 5 }, (_, k) => `message ${i}.${k} of ${session}${padding}`)
    const status = await (sender % 2 === 0 ? track(url(), session, texts[0]!) : exportSpans(url(), session, texts))
    answers.set(status, (answers.get(status) ?? 0) + 1)
    if (status === 200) for (const text of texts) acknowledged.add(text)
    await pause(status === 200 ? pauseMs : 25)
  }
  const work = Array.from({ length: senders }, async (_, sender) => {
    for (let i = 0; running; i++) await sendOne(sender, i)
  })
  return {
    acknowledged,
    answers,
    async stop() {
      running = false
      await Promise.all(work)
    },
  }
}

/** What is wrong with a database, given what was acknowledged. */
export interface Verdict {
  readonly events: number
  readonly spans: number
  readonly lostEvents: readonly string[]
  readonly lostSpans: readonly string[]
  readonly doubledEvents: readonly string[]
  readonly doubledSpans: readonly string[]
}

/** @param url of the ClickHouse; for an embedded one its collector must have ended */
export async function verify(url: string, acknowledged: ReadonlySet<string>): Promise<Verdict> {
  const db = await openClickHouse({ url, embedded: { maxMemoryBytes: 2 * 1024 ** 3 } }) // all texts at once, which no page asks for
  try {
    const count = async (sql: string): Promise<Map<string, number>> =>
      new Map((await db.query<{ Words: string; Times: number }>(sql)).map(({ Words, Times }) => [Words, Times]))
    const events = await count('SELECT Text AS Words, count() AS Times FROM events FINAL GROUP BY Words')
    const spans = await count(
      `SELECT SpanAttributes['${METADATA_PREFIX}prompt'] AS Words, count() AS Times FROM otel_traces GROUP BY Words`,
    )
    const lost = (found: ReadonlyMap<string, number>): string[] => [...acknowledged].filter((text) => !found.has(text))
    const doubled = (found: ReadonlyMap<string, number>): string[] => [...found].filter(([, times]) => times > 1).map(([text]) => text)
    return {
      events: events.size,
      spans: spans.size,
      lostEvents: lost(events),
      lostSpans: lost(spans),
      doubledEvents: doubled(events),
      doubledSpans: doubled(spans),
    }
  } finally {
    await db.close()
  }
}

export const nothingWrong = { lostEvents: [], lostSpans: [], doubledEvents: [], doubledSpans: [] }

/** One line for the person who runs the suite. */
export function report(what: string, load: Load, verdict: Verdict): void {
  const answers = [...load.answers].sort(([a], [b]) => a - b).map(([status, times]) => `${status === 0 ? 'none' : status}: ${times}`)
  const lost = verdict.lostEvents.length + verdict.lostSpans.length
  const doubled = verdict.doubledEvents.length + verdict.doubledSpans.length
  say(
    `${what} · answers ${answers.join(', ')} · acknowledged ${load.acknowledged.size} · stored ${verdict.events} events, ${verdict.spans} spans · lost ${lost}, doubled ${doubled}`,
  )
}

export function say(line: string): void {
  process.stdout.write(`    ${line}\n`)
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** What /health says; undefined when nobody answers. */
export async function health(
  url: string,
): Promise<{ ok: boolean; database: string; spool: { segments: number; writable: boolean } } | undefined> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) })
    return { ok: response.ok, ...((await response.json()) as { database: string; spool: { segments: number; writable: boolean } }) }
  } catch {
    return undefined
  }
}

function track(url: string, session: string, prompt: string): Promise<number> {
  return post(`${url}/track`, 'application/json', JSON.stringify({ name: 'chat', metadata: { prompt }, session_id: session }))
}

function exportSpans(url: string, session: string, texts: readonly string[]): Promise<number> {
  const spans = texts.map((prompt) => ({
    traceId: randomHex(16),
    spanId: randomHex(8),
    startMs: Date.now(),
    endMs: Date.now(),
    attributes: { 'turret.event.name': 'chat', 'session.id': session, [`${METADATA_PREFIX}prompt`]: prompt },
  }))
  return post(`${url}/v1/traces`, 'application/x-protobuf', tracesRequest(spans, { scope: '@turret/exporter' }))
}

async function post(url: string, type: string, body: string | Buffer): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': type },
      body: body as string,
      signal: AbortSignal.timeout(20_000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

function randomHex(bytes: number): string {
  return Buffer.from(Array.from({ length: bytes }, () => Math.floor(Math.random() * 256))).toString('hex')
}
