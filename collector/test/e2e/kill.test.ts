import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsAnswer } from '../../src/query/contract/sessions.ts'
import { type CollectorProcess, freePort, startCollectorProcess, stopCollectorProcess } from '../collector-process.ts'
import { storedAt } from '../running-collector.ts'

describe('kill -9', () => {
  let dataDir: string
  let port: number
  let collector: CollectorProcess | undefined

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'turret-kill-'))
    port = await freePort()
  })
  afterAll(async () => {
    if (collector !== undefined) await stopCollectorProcess(collector)
    await rm(dataDir, { recursive: true, force: true })
  })

  it('loses no acknowledged event and stores none twice', async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < 4; round++) {
      collector = await startCollectorProcess({ dataDir, port })
      const { url } = collector
      const senders = Array.from({ length: 8 }, (_, sender) => send(url, `r${round}-s${sender}`, acknowledged))
      await new Promise((resolve) => setTimeout(resolve, 700 + 400 * round))

      await stopCollectorProcess(collector, 'SIGKILL')

      await Promise.all(senders)
    }
    collector = await startCollectorProcess({ dataDir, port })
    await storedAt(collector.url)

    const found = new Map<string, number>()
    for (let cursor = ''; ;) {
      const answer = (await (await fetch(`${collector.url}/api/v1/events?from=now-1d&limit=5000${cursor}`)).json()) as EventsAnswer
      for (const { text } of answer.events) found.set(text, (found.get(text) ?? 0) + 1)
      if (answer.next_cursor === null) break
      cursor = `&cursor=${encodeURIComponent(answer.next_cursor)}`
    }
    expect(acknowledged.length).toBeGreaterThan(50) // enough to have something to lose, also on a busy machine
    expect(acknowledged.filter((text) => !found.has(text))).toEqual([])
    expect([...found].filter(([, times]) => times > 1)).toEqual([])
  }, 120_000)
})

/** Sends events until the collector is gone; only what got a 200 counts. */
async function send(url: string, sender: string, acknowledged: string[]): Promise<void> {
  for (let i = 0; ; i++) {
    const prompt = `message ${i} of ${sender}`
    try {
      const response = await fetch(`${url}/track`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'chat', metadata: { prompt }, session_id: sender }),
      })
      if (response.status === 200) acknowledged.push(prompt)
      await response.arrayBuffer()
    } catch {
      return // killed
    }
  }
}
