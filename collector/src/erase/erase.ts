/** Erases a user or a session everywhere: from the spool to the labels that were worded from what they said. */
import { setTimeout as delay } from 'node:timers/promises'
import { type ClickHouse, toClickHouseError } from '@turret/clickhouse'
import { CollectorError } from '../errors.ts'
import type { Logger } from '../telemetry.ts'
import type { ErasedWords, Forgotten } from '../topics/protocol.ts'
import { eraseDeadLetters } from './erase-dead-letters.ts'
import { type ErasedRows, eraseExamples, erasePast, eraseRows } from './erase-rows.ts'
import { type Subject, type Traces, findTraces } from './subject.ts'

/** What was erased, in numbers. */
export interface EraseReceipt extends ErasedRows {
  /** Each counts once, however many versions of it there were and however often it was found. */
  readonly events: number
  /** Texts taken out of topics' examples. */
  readonly examples: number
  /** Texts that the clusterer had kept as samples. */
  readonly samples: number
  /** Topics whose words were made anew without them. */
  readonly topics: number
  readonly dead_letters: number
}

export interface EraseOptions {
  readonly db: ClickHouse
  /** Stores what waits in the spool, so that it can be erased; rejects when that is not possible now. */
  readonly flush: () => Promise<void>
  /** undefined: this collector has no topics. */
  readonly topics: { forget(project: string, words: ErasedWords): Promise<Forgotten> } | undefined
  readonly deadLetterDirectory: string
  /** What an id may be stored as instead. */
  readonly pseudonym: (id: string) => string
  readonly logger: Logger
}

export type Erase = (project: string, kind: Subject['kind'], id: string) => Promise<EraseReceipt>

const secondLookMs = 2_000 // a settling or an assignment that read a row before it went may write it once more
const maxLooks = 5

/**
 * The function throws CollectorError STORE_UNAVAILABLE when ClickHouse does not answer or the spool cannot be stored now: the same
 * request later ends what was begun. Events that come in afterwards are new ones and stay.
 */
export function createErase({ db, flush, topics, deadLetterDirectory, pseudonym, logger }: EraseOptions): Erase {
  const eraseOnce = async (project: string, subject: Subject, traces: Traces): Promise<Omit<EraseReceipt, 'events'>> => {
    const { texts } = traces
    const users = subject.kind === 'user' ? subject.ids : []
    const forgotten = await topics?.forget(project, { users, sessions: traces.sessionIds, texts })
    if (forgotten !== undefined) await erasePast(db, project, forgotten.topicIds, forgotten.version)
    const examples = await eraseExamples(db, project, texts)
    const deadLetters = await eraseDeadLetters(deadLetterDirectory, subject, traces)
    const rows = await eraseRows(db, project, subject, traces)
    return { ...rows, examples, samples: forgotten?.samples ?? 0, topics: forgotten?.topicIds.length ?? 0, dead_letters: deadLetters }
  }

  return async (project, kind, id) => {
    const subject: Subject = { kind, ids: [...new Set([id, pseudonym(id)])] }
    try {
      await flush()
      const found = await findTraces(db, project, subject)
      const events = new Set(found.storedEventIds)
      let counts = await eraseOnce(project, subject, found)
      for (let look = 1; look < maxLooks; look++) {
        await delay(secondLookMs)
        const left = await findTraces(db, project, subject)
        if (left.eventIds.length === 0) break
        for (const id of left.storedEventIds) events.add(id)
        counts = add(counts, await eraseOnce(project, subject, left))
      }
      const receipt = { events: events.size, ...counts }
      logger.info(`erased a ${kind}`, { project, ...receipt })
      return receipt
    } catch (cause) {
      if (cause instanceof CollectorError) throw cause
      if (!toClickHouseError(cause).retryable) throw cause
      throw new CollectorError('STORE_UNAVAILABLE', 'ClickHouse does not answer: nothing more was erased, ask again later', { cause })
    }
  }
}

function add<Counts extends { readonly [Key in keyof Counts]: number }>(a: Counts, b: Counts): Counts {
  return Object.fromEntries(Object.keys(a).map((key) => [key, a[key as keyof Counts] + b[key as keyof Counts]])) as Counts
}
