/** Which sessions took a way like that of a given one: paths compared by the topics they visit and the transitions they make. */
import type { Level } from './contract/common.ts'
import { type QueryContext, ask } from './context.ts'
import { pathArrays, toConditions, turnPieces } from './filters.ts'
import { activeSince } from './journeys.ts'
import { QueryError } from './query-error.ts'

/** A path's topics and transitions as 64-bit hashes. */
const traits =
  'arrayDistinct(arrayConcat(Path, arrayMap((topic, next) -> cityHash64(topic, next), arrayPopBack(Path), arrayPopFront(Path))))'

/** A session and what makes its path. */
export interface SessionTraits {
  readonly id: string
  /** 64-bit numbers as text. */
  readonly traits: readonly string[]
}

/** Pieces and parameters of `session_page.sql`. */
export interface Likeness {
  readonly key: string
  readonly picked: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The sort key and the condition of a list of sessions like one whose traits are given; the key is the Jaccard index, 0…1. */
export function similarity({ id, traits: wanted }: SessionTraits): Likeness {
  const common = `length(arrayIntersect(${traits}, {wanted: Array(UInt64)}))`
  return {
    key: `${common} / (length(${traits}) + length({wanted: Array(UInt64)}) - ${common})`,
    picked: `SessionId != {likeSession: String} AND ${common} > 0`,
    params: { wanted: wanted.map(BigInt), likeSession: id },
  }
}

/** @throws QueryError NOT_FOUND */
export async function readPathOf(context: QueryContext, id: string, level: Level): Promise<SessionTraits> {
  const conditions = toConditions({ session_id: [id] }, level, context)
  const rows = await ask<{ Traits: string[] }>(
    context,
    'session_traits',
    { ...turnPieces(conditions, { topicsPick: 'sessions', arrays: pathArrays }), traits },
    { ...conditions.params, activeSince: activeSince(context) },
  )
  if (rows[0] === undefined) throw new QueryError('NOT_FOUND', 'like: there is no such session')
  return { id, traits: rows[0].Traits }
}
