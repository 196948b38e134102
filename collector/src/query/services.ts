/** What the query API needs of other stages: they implement it, the API only calls. */
import type { apiKey, keyCreated, keyRequest } from './contract/edits.ts'
import type { eraseAnswer } from './contract/erase.ts'
import type { z } from 'zod'
import type { Explain } from './session.ts'
import type { Progress } from './topics.ts'

/** An edit by a person: a constraint for every later clustering. */
export type TopicEdit =
  | { readonly kind: 'rename'; readonly topicId: bigint; readonly label?: string; readonly description?: string }
  | { readonly kind: 'hide' | 'pin'; readonly topicId: bigint; readonly on: boolean }
  | { readonly kind: 'merge'; readonly topicId: bigint; readonly topicIds: readonly bigint[] }
  | { readonly kind: 'split'; readonly topicId: bigint; readonly subtopicIds: readonly bigint[]; readonly label?: string }
  | { readonly kind: 'move'; readonly topicId: bigint; readonly anchorIds: readonly bigint[] }

/** The topics stage. Its errors with a `code` and a `status` are answered as they are. */
export interface TopicService {
  /** The vector space in use. */
  readonly embeddingId: string
  progressOf(project: string): Progress
  /** @returns the edit's id */
  edit(project: string, author: string, edit: TopicEdit): Promise<string>
  undo(project: string, editId: string): Promise<void>
  readonly explain: Explain
}

/** API keys of a project. */
export interface KeyService {
  list(project: string): Promise<readonly z.infer<typeof apiKey>[]>
  create(project: string, request: z.output<typeof keyRequest>): Promise<z.infer<typeof keyCreated>>
  /** @returns false when the project has no such key */
  revoke(project: string, keyId: string): Promise<boolean>
}

/** Erases a user or a session everywhere. @returns the receipt: what was erased, in numbers */
export type EraseService = (
  project: string,
  kind: 'user' | 'session',
  id: string,
) => Promise<Omit<z.infer<typeof eraseAnswer>, 'success' | 'erased_at'>>

/** How long a project keeps its data. */
export interface RetentionService {
  /** Days; 0 = for ever. */
  of(project: string): Promise<number>
  set(project: string, days: number): Promise<void>
}
