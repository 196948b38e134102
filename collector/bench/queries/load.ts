/** A steady stream of tracked events, so that queries are measured while the collector works. */
import { setTimeout as delay } from 'node:timers/promises'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'

const perRequest = 100 // events
const conversations = 3000 // they come again and again, in new sessions

/** What was sent until `stop`, and how fast. */
export interface Load {
  stop(): Promise<{ readonly events: number; readonly perSecond: number }>
}

/** @throws Error on `stop` when the collector refused events */
export function startLoad(url: string, headers: Record<string, string>, perSecond: number): Load {
  const endAt = new Date()
  const startAt = new Date(endAt.getTime() - 3600_000)
  const bodies = toTrackBodies(generateConversations({ seed: 1, sessions: conversations, startAt, endAt }))
  const startedAt = performance.now()
  const state = { isStopping: false, sent: 0 }
  const send = async (): Promise<void> => {
    for (; !state.isStopping; state.sent += perRequest) {
      await delay(Math.max(0, startedAt + (1000 * state.sent) / perSecond - performance.now()))
      const events = Array.from({ length: perRequest }, (_, i) => {
        const at = state.sent + i
        const body = bodies[at % bodies.length]!
        return { ...body, timestamp: new Date().toISOString(), session_id: `${body.session_id}-${Math.floor(at / bodies.length)}` }
      })
      const response = await fetch(`${url}/track`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(events),
      })
      if (!response.ok) throw new Error(`/track answered ${response.status} ${await response.text()}`)
    }
  }
  const sending = send()
  return {
    stop: async () => {
      state.isStopping = true
      await sending
      return { events: state.sent, perSecond: (1000 * state.sent) / (performance.now() - startedAt) }
    },
  }
}
