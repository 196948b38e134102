/** Demo conversations as bodies of `POST /track`. */
import type { DemoMetadata, DemoSession } from './types.ts'

/** One event as `POST /track` takes it. */
export interface TrackBody {
  readonly name: string
  readonly metadata: DemoMetadata
  readonly session_id: string
  readonly user_id: string
  /** RFC 3339. */
  readonly timestamp: string
}

/** One body per turn, in order of the sessions. */
export function toTrackBodies(sessions: Iterable<DemoSession>): TrackBody[] {
  return [...sessions].flatMap(({ events }) =>
    events.map(({ name, metadata, sessionId, userId, timestamp }) => ({
      name,
      metadata,
      session_id: sessionId,
      user_id: userId,
      timestamp: timestamp.toISOString(),
    })),
  )
}
