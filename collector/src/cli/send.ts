/** Sends events to a running collector's `/track`, in batches, patiently. */
import { setTimeout as delay } from 'node:timers/promises'

export interface Target {
  /** Such as `http://127.0.0.1:4318`. */
  readonly url: string
  readonly apiKey: string | undefined
}

/** A body of `POST /track`. */
export interface TrackBody {
  readonly name: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly session_id?: string
  readonly user_id?: string
  readonly timestamp?: string
  readonly idempotency_key?: string
}

const maxTries = 8

/**
 * Posts JSON; waits and tries again while the collector says "later" (429, 503).
 * @throws Error with what the collector said, or how to start it when nobody answers
 */
export async function post<T>(target: Target, path: string, body: unknown): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const response = await request(target, path, JSON.stringify(body))
    const text = await response.text()
    if (response.ok) return JSON.parse(text) as T
    if ((response.status !== 429 && response.status !== 503) || attempt === maxTries) throw new Error(explain(response.status, text))
    await delay(1000 * Number(response.headers.get('retry-after') ?? 1))
  }
}

async function request(target: Target, path: string, body: string): Promise<Response> {
  try {
    return await fetch(new URL(path, target.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(target.apiKey !== undefined && { 'x-api-key': target.apiKey }) },
      body,
    })
  } catch (cause) {
    throw new Error(`no collector answers at ${target.url}. Start one with "npm start", or name another with --url or TURRET_URL`, {
      cause,
    })
  }
}

function explain(status: number, text: string): string {
  try {
    const answer = JSON.parse(text) as { error?: string; message?: string; code?: string | number }
    return `the collector answered ${status} ${answer.code ?? ''}: ${answer.error ?? answer.message ?? text}`
  } catch {
    return `the collector answered ${status}: ${text.slice(0, 200)}`
  }
}
