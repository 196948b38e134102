import { expect } from 'vitest'
import type { Client } from '../src/query/client.ts'
import { eventually } from './running-collector.ts'

const patienceMs = 60_000
const quietMs = 2000

/** Waits until every text has its topic and no run has been made for two seconds. */
export async function settled(client: Client): Promise<void> {
  let version = -1
  await eventually(async () => {
    const { pending_events, last_run } = await client.overview()
    const before = version
    version = last_run?.version ?? 0
    await new Promise((resolve) => setTimeout(resolve, quietMs))
    expect(pending_events).toBe(0)
    expect(version).toBe(before)
  }, patienceMs)
}
