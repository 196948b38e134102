/** What a panel asks the data source for. */
import type { DataQuery, DataSourceJsonData } from '@grafana/data'
import type { Level } from '../api/types.ts'

export const queryKinds = ['topics', 'activity', 'transitions', 'flow', 'sessions', 'totals', 'births'] as const
export type QueryKind = (typeof queryKinds)[number]

export interface TopicsQuery extends DataQuery {
  readonly kind?: QueryKind
  readonly level?: Level
  /** Rows, or topics per step of the flow. */
  readonly limit?: number
  /** Only sessions that visit this topic: its id, or a variable such as `$topic`. */
  readonly topicId?: string
  /** Segment filters as in a URL: `plan=pro,enterprise&country=DE`; variables are replaced. */
  readonly segments?: string
}

export const defaultQuery = { kind: 'topics', level: 'topic', limit: 10 } as const satisfies Partial<TopicsQuery>

export interface SourceSettings extends DataSourceJsonData {
  readonly apiUrl?: string
}

export interface SourceSecrets {
  readonly apiKey?: string
}
