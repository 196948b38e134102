/** Sends load over HTTP and measures how long acknowledgements take. */
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export interface DriveOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
  readonly next: (connection: number) => Buffer
  /** Requests a second, whatever the answers take; absent: each connection sends as soon as its last request was answered. */
  readonly perSecond?: number
}

export interface Driven {
  /** Acknowledged with 200. */
  readonly requests: number
  readonly refused: number
  readonly seconds: number
  /** Of acknowledged requests; with `perSecond`, from when the request was due. */
  readonly p50Ms: number
  readonly p99Ms: number
}

const refusedDelayMs = 200

export async function drive({ url, headers, connections, seconds, next, perSecond }: DriveOptions): Promise<Driven> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  let refused = 0
  let due = 0
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  const run = async (connection: number): Promise<void> => {
    while (performance.now() < until) {
      const dueAt = perSecond === undefined ? performance.now() : startedAt + (due++ * 1000) / perSecond
      if (dueAt >= until) return
      if (dueAt > performance.now()) await delay(dueAt - performance.now())
      if ((await post(agent, url, headers, next(connection))) === 200) latencies.push(performance.now() - dueAt)
      else {
        refused++
        await delay(refusedDelayMs)
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, connection) => run(connection)))
  const elapsed = (performance.now() - startedAt) / 1000
  agent.destroy()
  latencies.sort((a, b) => a - b)
  return { requests: latencies.length, refused, seconds: elapsed, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
}

function post(agent: Agent, url: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
