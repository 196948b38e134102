/** What the collector and its topics thread say to each other. */
import type { TopicsConnectorConfig } from '../config/components/topics-connector.ts'
import type { NoVectorReason } from './no-vector.ts'

/** Given to the thread at its start. */
export interface TopicsWorkerData {
  readonly config: TopicsConnectorConfig
}

/** The first message to the thread, as soon as the database is open. */
export interface OpenDatabase {
  readonly url: string
  readonly database: string
  /** The database belongs to this process alone. */
  readonly isAlone: boolean
}

/** One message of a user, as the thread needs it. */
export interface ArrivedMessage {
  readonly text: string
  readonly userId: string
  readonly sessionId: string
}

/** An edit by a person, as the query API took it. */
export type TopicEdit =
  | { readonly kind: 'rename'; readonly topicId: bigint; readonly label?: string; readonly description?: string }
  | { readonly kind: 'hide' | 'pin'; readonly topicId: bigint; readonly on: boolean }
  | { readonly kind: 'merge'; readonly topicId: bigint; readonly topicIds: readonly bigint[] }
  | { readonly kind: 'split'; readonly topicId: bigint; readonly subtopicIds: readonly bigint[]; readonly label?: string }
  | { readonly kind: 'move'; readonly topicId: bigint; readonly anchorIds: readonly bigint[] }

/** The same as it is kept: a split knows the new topic's id and the anchors that go there. */
export type StoredEdit =
  | Exclude<TopicEdit, { kind: 'split' }>
  | (Extract<TopicEdit, { kind: 'split' }> & { readonly into: bigint; readonly anchorIds: readonly bigint[] })

/** What users said that is to be forgotten. */
export interface ErasedWords {
  readonly users: readonly string[]
  readonly sessions: readonly string[]
  /** Texts that nobody else said. */
  readonly texts: readonly string[]
}

/** What was forgotten. */
export interface Forgotten {
  /** Texts that were kept as samples. */
  readonly samples: number
  /** Topics that were worded anew. */
  readonly topicIds: readonly bigint[]
  /** Older versions of these topics and of the saved state hold what was forgotten. */
  readonly version: number
}

export type ToWorker =
  /** `deadline` (Unix ms): what is not reached by then is assigned later, from the database. */
  | {
      readonly type: 'assign'
      readonly id: number
      readonly project: string
      readonly messages: readonly ArrivedMessage[]
      readonly deadline: number
    }
  | { readonly type: 'edit'; readonly id: number; readonly project: string; readonly author: string; readonly edit: TopicEdit }
  | { readonly type: 'undo'; readonly id: number; readonly project: string; readonly editId: string }
  | { readonly type: 'explain'; readonly id: number; readonly project: string; readonly texts: readonly string[] }
  | { readonly type: 'forget'; readonly id: number; readonly project: string; readonly words: ErasedWords }
  | { readonly type: 'consolidate'; readonly id: number; readonly project: string }
  | { readonly type: 'stop'; readonly id: number }

/** Row i belongs to message i; the messages behind the last row were not reached in time. */
export interface AssignedMessages {
  readonly textHashes: BigUint64Array
  /** 0 = there is no text. */
  readonly anchorIds: BigUint64Array
  /** 0 = no topic yet. */
  readonly topicIds: BigUint64Array
  /** `noVectorSimilarity` where the embedding has no vector for the text. */
  readonly similarities: Float32Array
  readonly outlierScores: Float32Array
}

/** Why a text is in its topic. */
export interface Explanation {
  readonly similarity: number
  readonly secondTopicId: bigint
  readonly secondShare: number
  readonly nearest: readonly { readonly text: string; readonly similarity: number; readonly topicId: bigint }[]
}

/** How far a project is on the way to its first topics. */
export interface Progress {
  readonly seen: number
  /** Messages that are still needed; 0 = topics exist. */
  readonly until: number
  /** Share of the letters of recent texts that the embedding knows, 0…1; undefined where it cannot say. */
  readonly knownShare?: number | undefined
  /** Texts embedded anew, and in all, while topics are carried over to another embedding. */
  readonly carryOver?: { readonly done: number; readonly total: number } | undefined
}

/** Messages that are stored and wait for their topic. */
export interface Backlog {
  readonly messages: number
  /** Unix ms: when the oldest was received; 0 when none waits. */
  readonly oldestAt: number
}

export type FromWorker =
  | { readonly type: 'ready'; readonly embeddingId: string }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly code: 'NOT_FOUND' | 'INVALID_REQUEST' | 'INTERNAL' }
  | { readonly type: 'progress'; readonly project: string; readonly progress: Progress }
  | { readonly type: 'backlog'; readonly backlog: Backlog }
  | { readonly type: 'no vector'; readonly reason: NoVectorReason; readonly texts: number }
  | { readonly type: 'run'; readonly project: string; readonly seconds: number }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string; readonly fields?: Record<string, unknown> }
