import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { eventually, startTestCollector } from '../running-collector.ts'
import { hasShared, readSharedRows, sharedPath } from '../shared-data.ts'

const data = 'datasets/sgd-intent-turns.jsonl.gz'
const turret = fileURLToPath(new URL('../../bin/turret.js', import.meta.url))
const lines = 4000

describe.runIf(hasShared(data))('turret import', () => {
  it('sends a file of messages, and topics and journeys count exactly what it holds', async () => {
    const rows = readSharedRows<{ session_id: string }>(data).slice(0, lines)
    const sessions = new Set(rows.map((row) => row.session_id)).size
    const collector = await startTestCollector()
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [
        turret,
        'import',
        sharedPath(data),
        '--limit',
        String(lines),
        '--url',
        collector.url,
      ])
      await collector.stored()

      expect(stdout).toContain(`sent ${lines} events of ${sessions} sessions`)
      const topics = await eventually(async () => {
        const answer = (await collector.get('/api/v1/topics?from=now-30d')).body as TopicsAnswer
        expect(answer.unclustered.events).toBeLessThan(0.1 * lines)
        expect(answer.topics.length).toBeGreaterThan(10)
        return answer
      }, 40_000)
      expect(topics.total).toMatchObject({ events: lines, sessions })
      expect(topics.topics.reduce((sum, topic) => sum + topic.events, 0) + topics.unclustered.events).toBe(lines)
      const journeys = (await collector.get('/api/v1/journeys?from=now-30d&limit=5000')).body as JourneysAnswer
      expect(journeys.starts.reduce((sum, start) => sum + start.sessions, 0)).toBe(sessions)
      expect(journeys.drop_offs.reduce((sum, dropOff) => sum + dropOff.sessions, 0) + journeys.active).toBe(sessions)
    } finally {
      await collector.dispose()
    }
  }, 120_000)
})
