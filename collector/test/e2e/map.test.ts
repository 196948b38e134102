import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import type { MapAnswer } from '../../src/query/contract/map.ts'
import { createClient } from '../../src/query/client.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { settled } from '../settled.ts'

const hourMs = 3_600_000
const planted = 'quokkazebra' // stands in everything that the erased user said, and nowhere else
const user = 'planted user'

function conversations(seed: number): object[] {
  const endAt = new Date(Date.now() - hourMs)
  return toTrackBodies([...generateConversations({ seed, sessions: 200, startAt: new Date(endAt.getTime() - 24 * hourMs), endAt })])
}

const sum = (list: readonly { messages: number }[]): number => list.reduce((all, { messages }) => all + messages, 0)
const readMap = async (collector: TestCollector): Promise<MapAnswer> => (await collector.get('/api/v1/map')).body as MapAnswer

/** Share of the points whose nearest ones are mostly of their topic. */
function together({ points }: MapAnswer): number {
  const isAmongItsLike = points.map((point) => {
    const distance = ({ x, y }: { x: number; y: number }): number => (x - point.x) ** 2 + (y - point.y) ** 2
    const nearest = [...points].sort((a, b) => distance(a) - distance(b)).slice(1, 6)
    return nearest.filter(({ topic_id }) => topic_id === point.topic_id).length >= 3
  })
  return isAmongItsLike.filter(Boolean).length / points.length
}

describe('the map of a running collector', () => {
  let collector: TestCollector
  let first: MapAnswer

  beforeAll(async () => {
    collector = await startTestCollector()
    const own = Array.from({ length: 60 }, (_, i) => ({
      name: 'chat',
      metadata: { prompt: `please calibrate the ${planted} telescope, attempt ${i}` },
      session_id: `planted ${i % 7}`,
      user_id: user,
    }))
    expect((await collector.post('/track', [...own, ...conversations(3)])).status).toBe(200)
    await settled(createClient({ url: collector.url }))
    first = await eventually(async () => {
      const map = await readMap(collector)
      expect(map.drawn_at).not.toBeNull()
      return map
    }, 30_000)
  }, 120_000)
  afterAll(() => collector.dispose())

  it('shows every message, and says how many it cannot show yet', async () => {
    const { total } = (await collector.get('/api/v1/topics')).body as { total: { events: number } }

    expect(first.points.length).toBeGreaterThan(30)
    expect(sum(first.points) + first.other.messages).toBe(total.events)
    expect(first.total.messages).toBe(total.events)
    expect(sum(first.topics)).toBe(sum(first.points))
  })

  it('is there at once after a restart, and drawn on with what has come meanwhile', async () => {
    const { dataDir } = collector
    expect((await collector.post('/track', conversations(4))).status).toBe(200)
    await settled(createClient({ url: collector.url }))
    await collector.stop()
    collector = await startTestCollector({ dataDir })

    const again = await readMap(collector)

    expect(again.points.length).toBeGreaterThanOrEqual(first.points.length)
    const next = await eventually(async () => {
      const map = await readMap(collector)
      expect(map.drawn_at).not.toBe(first.drawn_at)
      return map
    }, 30_000)
    expect(next.points.length).toBeGreaterThan(first.points.length)
    expect(next.other.messages).toBe(0)
    expect(together(next)).toBeGreaterThan(0.7)
  }, 120_000)

  it('has no dot of an erased user', async () => {
    const before = await readMap(collector)
    await createClient({ url: collector.url }).eraseUser(user)

    const after = await readMap(collector)

    expect(JSON.stringify(before)).toContain(planted)
    expect(JSON.stringify(after)).not.toContain(planted)
    expect(after.total.messages).toBe(before.total.messages - 60)
    expect(sum(after.points) + after.other.messages).toBe(after.total.messages)
  }, 60_000)
})
