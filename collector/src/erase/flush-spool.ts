/** Waits until what lies in the spool now is stored. */
import { setTimeout as delay } from 'node:timers/promises'
import { CollectorError } from '../errors.ts'
import type { Spool } from '../spool/spool.ts'

const timeoutMs = 30_000
const pollMs = 50

/** @throws CollectorError STORE_UNAVAILABLE when it takes longer than half a minute */
export async function flushSpool(spool: Pick<Spool, 'sealAll' | 'holds'>): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let waiting = await spool.sealAll()
  while (waiting.length > 0) {
    if (Date.now() > deadline) {
      throw new CollectorError('STORE_UNAVAILABLE', 'the spool waits for ClickHouse: what lies in it cannot be erased yet', {
        retryAfterSeconds: 30,
      })
    }
    await delay(pollMs)
    waiting = waiting.filter((id) => spool.holds(id))
  }
}
