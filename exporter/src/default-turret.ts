/** The client that an application shares: `init()` once, then `track()` from anywhere. */
import type { TrackEvent } from './track-event.ts'
import { createTurret, type Session, type TrackedEvent, type Turret, type TurretOptions } from './turret.ts'

let current: Turret | undefined
let replaced: Promise<unknown> = Promise.resolve() // clients that a later init() replaced, sending their last events

/**
 * Makes the shared client. Called again, it replaces the client; the old one's events are still sent, and `flush` and
 * `shutdown` wait for them.
 * @throws TypeError naming every wrong option, what came and what is allowed
 */
export function init(options: TurretOptions = {}): Turret {
  const next = createTurret(options)
  if (current) replaced = Promise.all([replaced, current.shutdown()])
  current = next
  return next
}

/**
 * Takes an event, to be sent in the background.
 * @throws TypeError naming every wrong field, what came and what is allowed; Error before `init`
 */
export function track(event: TrackEvent): TrackedEvent {
  return requireInit('track').track(event)
}

/** Begins a conversation: a new session id, and a user id unless one is given. @throws Error before `init` */
export function startSession(options?: { userId?: string | undefined }): Session {
  return requireInit('startSession').startSession(options)
}

/** Resolves when every event tracked so far is sent, or given up and reported. Never rejects. */
export async function flush(): Promise<void> {
  await Promise.all([replaced, current?.flush()])
}

/** Flushes, then takes no more events until the next `init`. Safe to call twice and before `init`; never rejects. */
export async function shutdown(): Promise<void> {
  await Promise.all([replaced, current?.shutdown()])
}

function requireInit(caller: string): Turret {
  if (!current) throw new Error(`${caller}: call init() first, once, where the application starts`)
  return current
}
