/** Every route of the query API, once: the router, the OpenAPI document, the tests and the typed client are made from it. */
import { z } from 'zod'
import { levelFilter, page } from './common.ts'
import {
  editAnswer,
  editsAnswer,
  keyCreated,
  keyRequest,
  keysAnswer,
  mergeRequest,
  moveRequest,
  splitRequest,
  topicPatch,
} from './edits.ts'
import { eraseAnswer, project, projectPatch } from './erase.ts'
import { funnelAnswer, funnelQuery, journeysAnswer, journeysQuery } from './journeys.ts'
import {
  compareAnswer,
  compareQuery,
  emergingAnswer,
  emergingQuery,
  field,
  fieldOverride,
  lineageAnswer,
  overviewAnswer,
  rangeQuery,
  runsAnswer,
  segmentsAnswer,
  segmentsQuery,
} from './segments.ts'
import { mapAnswer, mapQuery } from './map.ts'
import { eventsAnswer, eventsQuery, sessionAnswer, sessionsAnswer, sessionsQuery } from './sessions.ts'
import { topicDetail, topicQuery, topicsAnswer, topicsQuery } from './topics.ts'

const success = z.object({ success: z.literal(true) })

/** Path parameters are `:name`. `list` names the array that NDJSON and CSV answers stream. */
export const routes = {
  overview: {
    method: 'get',
    path: '/overview',
    scope: 'read',
    summary: 'Counts and state of the project',
    query: rangeQuery,
    answer: overviewAnswer,
  },
  topics: {
    method: 'get',
    path: '/topics',
    scope: 'read',
    summary: 'What users talk about',
    query: topicsQuery,
    answer: topicsAnswer,
    list: 'topics',
  },
  topic: {
    method: 'get',
    path: '/topics/:id',
    scope: 'read',
    summary: 'One topic with follow-ups, segments and lineage',
    query: topicQuery,
    answer: topicDetail,
  },
  topicEvents: {
    method: 'get',
    path: '/topics/:id/events',
    scope: 'read',
    summary: 'Events of one topic, newest first',
    query: levelFilter.extend(page.shape),
    answer: eventsAnswer,
    list: 'events',
  },
  map: {
    method: 'get',
    path: '/map',
    scope: 'read',
    summary: 'Messages as points on a plane: like texts lie together',
    query: mapQuery,
    answer: mapAnswer,
    list: 'points',
  },
  journeys: {
    method: 'get',
    path: '/journeys',
    scope: 'read',
    summary: 'How conversations flow',
    query: journeysQuery,
    answer: journeysAnswer,
  },
  funnel: {
    method: 'get',
    path: '/funnel',
    scope: 'read',
    summary: 'Sessions that pass topics in order',
    query: funnelQuery,
    answer: funnelAnswer,
  },
  sessions: {
    method: 'get',
    path: '/sessions',
    scope: 'read',
    summary: 'Sessions, also those behind a number',
    query: sessionsQuery,
    answer: sessionsAnswer,
    list: 'sessions',
  },
  session: {
    method: 'get',
    path: '/sessions/:id',
    scope: 'read',
    summary: 'One session with topic and why per turn',
    query: z.object({}),
    answer: sessionAnswer,
  },
  events: {
    method: 'get',
    path: '/events',
    scope: 'read',
    summary: 'Events with their topics',
    query: eventsQuery,
    answer: eventsAnswer,
    list: 'events',
  },
  segments: {
    method: 'get',
    path: '/segments',
    scope: 'read',
    summary: 'Fields, their kinds and values',
    query: segmentsQuery,
    answer: segmentsAnswer,
  },
  overrideField: {
    method: 'patch',
    path: '/segments/:field',
    scope: 'admin',
    summary: 'Set or clear the kind of a field',
    body: fieldOverride,
    answer: field,
  },
  compare: {
    method: 'get',
    path: '/compare',
    scope: 'read',
    summary: 'Two filters or periods side by side',
    query: compareQuery,
    answer: compareAnswer,
  },
  emerging: {
    method: 'get',
    path: '/emerging',
    scope: 'read',
    summary: 'Born, spiking and fading topics',
    query: emergingQuery,
    answer: emergingAnswer,
  },
  runs: { method: 'get', path: '/runs', scope: 'read', summary: 'Clustering runs', query: page, answer: runsAnswer },
  lineage: {
    method: 'get',
    path: '/lineage',
    scope: 'read',
    summary: 'Born, split, merged and retired topics',
    query: rangeQuery,
    answer: lineageAnswer,
  },
  patchTopic: {
    method: 'patch',
    path: '/topics/:id',
    scope: 'admin',
    summary: 'Rename, describe, hide or pin',
    body: topicPatch,
    answer: editAnswer,
  },
  mergeTopics: {
    method: 'post',
    path: '/topics/:id/merge',
    scope: 'admin',
    summary: 'Merge topics into one',
    body: mergeRequest,
    answer: editAnswer,
  },
  splitTopic: {
    method: 'post',
    path: '/topics/:id/split',
    scope: 'admin',
    summary: 'Split subtopics off',
    body: splitRequest,
    answer: editAnswer,
  },
  moveEvents: {
    method: 'post',
    path: '/topics/:id/move',
    scope: 'admin',
    summary: 'Move texts to a topic',
    body: moveRequest,
    answer: editAnswer,
  },
  edits: { method: 'get', path: '/edits', scope: 'read', summary: 'Edits, newest first', query: page, answer: editsAnswer },
  undoEdit: { method: 'delete', path: '/edits/:id', scope: 'admin', summary: 'Take an edit back', answer: success },
  eraseUser: { method: 'delete', path: '/users/:id', scope: 'admin', summary: 'Erase a user everywhere', answer: eraseAnswer },
  eraseSession: { method: 'delete', path: '/sessions/:id', scope: 'admin', summary: 'Erase a session everywhere', answer: eraseAnswer },
  project: {
    method: 'get',
    path: '/project',
    scope: 'read',
    summary: 'The project and its retention',
    query: z.object({}),
    answer: project,
  },
  patchProject: {
    method: 'patch',
    path: '/project',
    scope: 'admin',
    summary: 'Say how long the project keeps its data',
    body: projectPatch,
    answer: project,
  },
  keys: { method: 'get', path: '/keys', scope: 'admin', summary: 'API keys of the project', query: z.object({}), answer: keysAnswer },
  createKey: { method: 'post', path: '/keys', scope: 'admin', summary: 'Create an API key', body: keyRequest, answer: keyCreated },
  revokeKey: { method: 'delete', path: '/keys/:id', scope: 'admin', summary: 'Revoke an API key', answer: success },
} as const satisfies Record<string, Route>

/** One route: what it takes, who may, what it answers. */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly scope: 'read' | 'admin'
  readonly summary: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answer: z.ZodType
  readonly list?: string
}

export type RouteName = keyof typeof routes
