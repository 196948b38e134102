/** One handler per route of the contract. */
import type { z } from 'zod'
import { type RouteName, type routes } from './contract/routes.ts'
import { topicId } from './contract/common.ts'
import { queryCompare } from './compare.ts'
import type { QueryContext } from './context.ts'
import { type Editing, mergeTopics, moveEvents, patchTopic, queryEdits, splitTopic } from './edits.ts'
import { queryEmerging } from './emerging.ts'
import { queryEvents } from './events.ts'
import { overrideField } from './fields.ts'
import { queryFunnel } from './funnel.ts'
import { queryJourneys } from './journeys.ts'
import { queryMap } from './map.ts'
import { queryLineage, queryOverview, queryRuns } from './overview.ts'
import { QueryError, toInvalidRequest } from './query-error.ts'
import { querySegments, toField } from './segments.ts'
import type { EraseService, KeyService, RetentionService, TopicService } from './services.ts'
import { querySession } from './session.ts'
import { querySessions } from './sessions.ts'
import { queryTopic } from './topic.ts'
import { queryTopics } from './topics.ts'

type Routes = typeof routes
type Parsed<K extends RouteName, Part extends 'query' | 'body'> = Routes[K] extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined

/** A request that is allowed and whose query and body have passed the route's schemas. */
export interface Call<K extends RouteName> {
  readonly context: QueryContext
  readonly query: Parsed<K, 'query'>
  readonly body: Parsed<K, 'body'>
  /** Path parameters. */
  readonly params: Readonly<Record<string, string>>
  /** Who calls: the part of the API key that may be shown. */
  readonly author: string
  readonly services: Services
}

export interface Services {
  readonly topics?: TopicService
  readonly keys?: KeyService
  readonly erase?: EraseService
  readonly retention?: RetentionService
  readonly version: string
}

export type Answer<K extends RouteName> = z.input<Routes[K]['answer']>
export type Handlers = { readonly [K in RouteName]: (call: Call<K>) => Promise<Answer<K>> }

export const handlers: Handlers = {
  overview: ({ context, query, services }) =>
    queryOverview(context, query, {
      version: services.version,
      embeddingId: services.topics?.embeddingId ?? '',
      progress: services.topics?.progressOf(context.project),
    }),
  topics: ({ context, query, services }) =>
    queryTopics(context, query, services.topics?.progressOf(context.project) ?? { seen: 0, until: 0 }),
  topic: ({ context, query, params }) => queryTopic(context, topicIdOf(params), query),
  topicEvents: ({ context, query, params }) => queryEvents(context, { ...query, topic_id: [topicIdOf(params)] }),
  map: ({ context, query }) => queryMap(context, query),
  journeys: ({ context, query }) => queryJourneys(context, query),
  funnel: ({ context, query }) => queryFunnel(context, query),
  sessions: ({ context, query }) => querySessions(context, query),
  session: ({ context, params, services }) =>
    querySession(context, params['id'] ?? '', (project, texts) => services.topics?.explain(project, texts) ?? Promise.resolve([])),
  events: ({ context, query }) => queryEvents(context, query),
  segments: ({ context, query }) => querySegments(context, query),
  overrideField: async ({ context, params, body }) => {
    const row = await overrideField(context, params['field'] ?? '', body.kind)
    if (row === undefined) throw new QueryError('NOT_FOUND', 'there is no such field')
    return toField(row.Field, row.Events, row)
  },
  compare: ({ context, query }) => queryCompare(context, query),
  emerging: ({ context, query }) => queryEmerging(context, query),
  runs: ({ context, query }) => queryRuns(context, query),
  lineage: ({ context, query }) => queryLineage(context, query),
  patchTopic: (call) => patchTopic(toEditing(call), call.body),
  mergeTopics: (call) => mergeTopics(toEditing(call), call.body),
  splitTopic: (call) => splitTopic(toEditing(call), call.body),
  moveEvents: (call) => moveEvents(toEditing(call), call.body),
  edits: ({ context, query }) => queryEdits(context, query),
  undoEdit: async ({ context, params, services }) => {
    await topicsOf(services).undo(context.project, params['id'] ?? '')
    return { success: true }
  },
  eraseUser: (call) => erase(call, 'user'),
  eraseSession: (call) => erase(call, 'session'),
  project: ({ context, services }) => toProject(context.project, services),
  patchProject: async ({ context, body, services }) => {
    await retentionOf(services).set(context.project, body.retention_days)
    return toProject(context.project, services)
  },
  keys: async ({ context, services }) => ({ keys: [...(await keysOf(services).list(context.project))] }),
  createKey: ({ context, body, services }) => keysOf(services).create(context.project, body),
  revokeKey: async ({ context, params, services }) => {
    if (!(await keysOf(services).revoke(context.project, params['id'] ?? '')))
      throw new QueryError('NOT_FOUND', 'the project has no such key')
    return { success: true }
  },
}

function toEditing({ context, params, author, services }: Call<'patchTopic' | 'mergeTopics' | 'splitTopic' | 'moveEvents'>): Editing {
  return { context, topics: topicsOf(services), author, topicId: topicIdOf(params) }
}

async function erase(
  { context, params, services }: Call<'eraseUser' | 'eraseSession'>,
  kind: 'user' | 'session',
): Promise<Answer<'eraseUser'>> {
  if (services.erase === undefined) throw new QueryError('NOT_AVAILABLE', 'this collector cannot erase')
  const receipt = await services.erase(context.project, kind, params['id'] ?? '')
  return { success: true, erased_at: new Date().toISOString(), ...receipt }
}

async function toProject(project: string, services: Services): Promise<Answer<'project'>> {
  return { project, retention_days: await retentionOf(services).of(project) }
}

function retentionOf({ retention }: Services): RetentionService {
  if (retention === undefined) throw new QueryError('NOT_AVAILABLE', 'this collector keeps no projects')
  return retention
}

function topicIdOf(params: Readonly<Record<string, string>>): string {
  const parsed = topicId.safeParse(params['id'])
  if (!parsed.success) throw toInvalidRequest([{ path: 'id', message: 'a topic id is 16 hex digits' }])
  return parsed.data
}

function topicsOf({ topics }: Services): TopicService {
  if (topics === undefined)
    throw new QueryError('NOT_AVAILABLE', 'this collector has no topics connector: edits are made where topics are found')
  return topics
}

function keysOf({ keys }: Services): KeyService {
  if (keys === undefined) throw new QueryError('NOT_AVAILABLE', 'this collector does not keep API keys')
  return keys
}
