/** Method and path of the routes; the compiler holds each against the collector's contract. */
import type { Endpoints } from './types.ts'

export const endpoints: Endpoints = {
  overview: { method: 'get', path: '/overview' },
  topics: { method: 'get', path: '/topics' },
  topic: { method: 'get', path: '/topics/:id' },
  topicEvents: { method: 'get', path: '/topics/:id/events' },
  journeys: { method: 'get', path: '/journeys' },
  funnel: { method: 'get', path: '/funnel' },
  sessions: { method: 'get', path: '/sessions' },
  session: { method: 'get', path: '/sessions/:id' },
  events: { method: 'get', path: '/events' },
  segments: { method: 'get', path: '/segments' },
  overrideField: { method: 'patch', path: '/segments/:field' },
  compare: { method: 'get', path: '/compare' },
  emerging: { method: 'get', path: '/emerging' },
  runs: { method: 'get', path: '/runs' },
  lineage: { method: 'get', path: '/lineage' },
  patchTopic: { method: 'patch', path: '/topics/:id' },
  mergeTopics: { method: 'post', path: '/topics/:id/merge' },
  splitTopic: { method: 'post', path: '/topics/:id/split' },
  moveEvents: { method: 'post', path: '/topics/:id/move' },
  edits: { method: 'get', path: '/edits' },
  undoEdit: { method: 'delete', path: '/edits/:id' },
  keys: { method: 'get', path: '/keys' },
  createKey: { method: 'post', path: '/keys' },
  revokeKey: { method: 'delete', path: '/keys/:id' },
}
