/** The routes that the plugin asks; the compiler holds method and path of each against the collector's contract. */
import type { Endpoints } from './types.ts'

export const endpoints = {
  overview: { method: 'get', path: '/overview' },
  topics: { method: 'get', path: '/topics' },
  topic: { method: 'get', path: '/topics/:id' },
  topicEvents: { method: 'get', path: '/topics/:id/events' },
  map: { method: 'get', path: '/map' },
  journeys: { method: 'get', path: '/journeys' },
  sessions: { method: 'get', path: '/sessions' },
  session: { method: 'get', path: '/sessions/:id' },
  segments: { method: 'get', path: '/segments' },
  compare: { method: 'get', path: '/compare' },
  emerging: { method: 'get', path: '/emerging' },
  lineage: { method: 'get', path: '/lineage' },
  patchTopic: { method: 'patch', path: '/topics/:id' },
  mergeTopics: { method: 'post', path: '/topics/:id/merge' },
  edits: { method: 'get', path: '/edits' },
  undoEdit: { method: 'delete', path: '/edits/:id' },
  keys: { method: 'get', path: '/keys' },
  createKey: { method: 'post', path: '/keys' },
  revokeKey: { method: 'delete', path: '/keys/:id' },
} as const satisfies Partial<Endpoints>

/** Names of these routes. */
export type UsedRoute = keyof typeof endpoints
