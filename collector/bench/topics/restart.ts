/**
 * `npm run bench:restart`: how long a collector takes to start on a database of a million distinct messages, and to have a new message's
 * topic. The database is made directly, in a minute; the clusterer's state in it is of full size.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { migrate, openClickHouse } from '@turret/clickhouse'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { createClient } from '../../src/query/client.ts'
import { type CollectorProcess, freePort, startCollectorProcess, stopCollectorProcess } from '../../test/collector-process.ts'
import { makeFullState, storeFullState } from './full-state.ts'

const messages = Number(process.env['BENCH_MESSAGES'] ?? 1_000_000)
const mostMs = 2_000
const starts = 3

const dataDir = await mkdtemp(join(tmpdir(), 'turret-restart-'))
try {
  await fill()
  for (let start = 1; start <= starts; start++) await measure(start)
} finally {
  await rm(dataDir, { recursive: true })
}

async function fill(): Promise<void> {
  const embedder = createBuiltinEmbedder()
  const db = await openClickHouse({ url: `chdb:${dataDir}` })
  const full = makeFullState(embedder.dimensions, messages)
  try {
    await migrate(db)
    await storeFullState(db, embedder.id, full)
  } finally {
    await db.close()
  }
  console.log(`${messages} distinct messages, ${full.run.topics.length} topics of all levels, state ${(full.bytes / 1e6).toFixed(0)} MB`)
}

async function measure(start: number): Promise<void> {
  const collector = await startCollectorProcess({ dataDir, port: await freePort() })
  const startedAt = performance.now() - collector.readyMs
  try {
    await waitForTopic(collector, `new-${start}`)
    const topicMs = performance.now() - startedAt
    const verdict = collector.readyMs <= mostMs ? 'ok  ' : 'MISS'
    if (collector.readyMs > mostMs) process.exitCode = 1
    const [ready, topic] = [collector.readyMs, topicMs].map((ms) => ms.toFixed(0))
    console.log(`${verdict} start ${start}: ready after ${ready} ms (must be <= ${mostMs}), a new message has its topic after ${topic} ms`)
  } finally {
    await stopCollectorProcess(collector)
  }
}

async function waitForTopic({ url }: CollectorProcess, sessionId: string): Promise<void> {
  const client = createClient({ url })
  await fetch(`${url}/track`, {
    method: 'POST',
    body: JSON.stringify({ name: 'chat', metadata: { prompt: 'how do I get a refund' }, session_id: sessionId }),
  })
  for (;;) {
    const session = await client.session(sessionId).catch(() => undefined) // not stored yet
    if (session?.events.some(({ topic_id }) => BigInt(`0x${topic_id}`) !== 0n) === true) return
    await delay(20)
  }
}
