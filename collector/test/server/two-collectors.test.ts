import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type ClickHouse, type EmbeddedServer, openClickHouse, startEmbeddedServer } from '@turret/clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import type { DemoSession } from '../../src/demo/types.ts'
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { type CollectorProcess, freePort, startCollectorProcess, stopCollectorProcess } from '../collector-process.ts'
import { eventually } from '../running-collector.ts'

const hourMs = 3600_000
const range = 'from=now-30d'

/** The embedded server, started alone, stands for a ClickHouse server of somebody else: by URL, with a password. */
describe('two collectors in front of one ClickHouse server', () => {
  let directory: string
  let server: EmbeddedServer
  let db: ClickHouse
  let sessions: DemoSession[]
  let sent = 0
  const collectors = new Map<string, CollectorProcess>()

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'turret-server-'))
    server = await startEmbeddedServer({ dataDir: join(directory, 'server'), password: 'a password: with/signs@' })
    db = await openClickHouse({ url: server.url, database: 'turret' })
    for (const name of ['a', 'b']) {
      const env = { TURRET_CLICKHOUSE_URL: `${server.url}/turret` }
      collectors.set(name, await startCollectorProcess({ dataDir: join(directory, name), port: await freePort(), env }))
    }
    const endAt = new Date(Date.now() - hourMs)
    sessions = [...generateConversations({ seed: 11, sessions: 300, startAt: new Date(endAt.getTime() - 24 * hourMs), endAt })]
  })
  afterAll(async () => {
    for (const collector of collectors.values()) await stopCollectorProcess(collector)
    await db.close()
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })

  it('makes one set of topics and journeys from what both take in', async () => {
    await send('a', sessions.slice(0, 100))
    await send('b', sessions.slice(100, 200))

    for (const name of ['a', 'b']) {
      const topics = await settled(name)
      const journeys = await get<JourneysAnswer>(name, `journeys?${range}&limit=5000`)
      expect(topics.topics.reduce((sum, topic) => sum + topic.events, 0) + topics.unclustered.events).toBe(sent)
      expect(journeys.starts.reduce((sum, start) => sum + start.sessions, 0)).toBe(200)
    }
  }, 60_000)

  it('carries out an edit wherever it is asked for', async () => {
    const { topics } = await settled('a')
    for (const [name, topic] of [
      ['a', topics[0]!],
      ['b', topics[1]!],
    ] as const) {
      const answer = await fetch(`${collectors.get(name)!.url}/api/v1/topics/${topic.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ label: `renamed by ${name}` }),
      })
      expect(answer.status).toBe(200)
    }

    const labels = (await settled('b')).topics.map(({ label }) => label)

    expect(labels).toEqual(expect.arrayContaining(['renamed by a', 'renamed by b']))
  }, 60_000)

  it('goes on when the leader is killed: the other one takes over, and nothing is lost', async () => {
    const before = await leader()
    const survivor = before === 'a' ? 'b' : 'a'
    await stopCollectorProcess(collectors.get(before)!, 'SIGKILL')

    await send(survivor, sessions.slice(200))

    const after = await settled(survivor)
    expect(await leader()).toBe(survivor)
    expect(after.topics.reduce((sum, topic) => sum + topic.events, 0) + after.unclustered.events).toBe(sent)
    expect(after.topics.map(({ label }) => label)).toEqual(expect.arrayContaining(['renamed by a', 'renamed by b']))
  }, 90_000)

  async function send(name: string, part: readonly DemoSession[]): Promise<void> {
    const bodies = toTrackBodies(part)
    for (let start = 0; start < bodies.length; start += 500) {
      const response = await fetch(`${collectors.get(name)!.url}/track`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(bodies.slice(start, start + 500)),
      })
      expect(response.status).toBe(200)
    }
    sent += bodies.length
  }

  /** The topics once every text has its place and the run that was due is over: a topic may end in it. */
  function settled(name: string): Promise<TopicsAnswer> {
    const runs = (): Promise<object[]> => db.query('SELECT count() AS Runs FROM clustering_runs')
    return eventually(async () => {
      const before = await runs()
      await delay(1_500)
      expect(await runs()).toEqual(before)
      const answer = await get<TopicsAnswer>(name, `topics?${range}`)
      expect(answer.total.events).toBe(sent)
      expect(answer.topics.length).toBeGreaterThan(5)
      expect(await db.query('SELECT count() AS Rows FROM events FINAL WHERE AnchorId = 0')).toEqual([{ Rows: 0 }])
      return answer
    }, 50_000)
  }

  async function get<T>(name: string, path: string): Promise<T> {
    return (await fetch(`${collectors.get(name)!.url}/api/v1/${path}`)).json() as Promise<T>
  }

  /** The collector whose process id stands in the lease. */
  async function leader(): Promise<string> {
    const [lease] = await db.query<{ Holder: string }>("SELECT argMax(Holder, Version) AS Holder FROM leases WHERE Project = 'default'")
    return [...collectors].find(([, { process: child }]) => lease!.Holder.includes(`-${child.pid}-`))![0]
  }
})
