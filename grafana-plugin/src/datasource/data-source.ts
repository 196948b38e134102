/** Asks the collector's query API and answers in Grafana's data frames. */
import {
  DataSourceApi,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
  type LegacyMetricFindQueryOptions,
  type MetricFindValue,
  type ScopedVars,
} from '@grafana/data'
import { getTemplateSrv } from '@grafana/runtime'
import { call, type CallOptions } from '../api/client.ts'
import { toProblem } from '../api/problem.ts'
import type { UsedRoute } from '../api/endpoints.ts'
import type { Answer } from '../api/types.ts'
import { t } from '../i18n.ts'
import {
  toActivityFrames,
  toBirthsFrame,
  toFlowFrame,
  toSessionsFrame,
  toTopicsFrame,
  toTotalsFrame,
  toTransitionsFrame,
  type TopicNames,
} from './frames.ts'
import { readSegments } from './read-segments.ts'
import { defaultQuery, type SourceSettings, type TopicsQuery } from './query.ts'

export class TopicsDataSource extends DataSourceApi<TopicsQuery, SourceSettings> {
  private readonly base: string

  constructor(settings: DataSourceInstanceSettings<SourceSettings>) {
    super(settings)
    this.base = `${settings.url}/api`
    this.annotations = { getDefaultQuery: () => ({ kind: 'births' }) }
  }

  override async query({ targets, range, scopedVars }: DataQueryRequest<TopicsQuery>): Promise<DataQueryResponse> {
    const time = { from: range.from.toISOString(), to: range.to.toISOString() }
    try {
      const answers = await Promise.all(targets.filter(({ hide }) => !hide).map((target) => this.answer(target, time, scopedVars)))
      return { data: answers.flat() }
    } catch (error) {
      const problem = toProblem(error)
      return { data: [], errors: [{ message: `${problem.message}. ${problem.detail || problem.hint}` }] }
    }
  }

  override getDefaultQuery(): Partial<TopicsQuery> {
    return defaultQuery
  }

  /** A variable's values: `topics`, `themes`, `subtopics`, or the name of a metadata field. */
  override async metricFindQuery(query: string, options?: LegacyMetricFindQueryOptions): Promise<MetricFindValue[]> {
    const time = options?.range ? { from: options.range.from.toISOString(), to: options.range.to.toISOString() } : { from: 'now-7d' }
    const wanted = query.trim()
    const level = ({ topics: 'topic', themes: 'theme', subtopics: 'subtopic' } as const)[wanted]
    if (level !== undefined) {
      const { topics } = await this.ask('topics', { query: { ...time, level } })
      return topics.map(({ id, label }) => ({ text: label, value: id }))
    }
    const { fields } = await this.ask('segments', { query: { ...time, limit: 500 } })
    return (fields.find(({ field }) => field === wanted)?.values ?? []).map(({ value }) => ({ text: value, value }))
  }

  override async testDatasource(): Promise<{ status: string; message: string }> {
    try {
      const { version, project, total } = await this.ask('overview', {})
      return {
        status: 'success',
        message: t('source.works', 'Collector {{version}}, project {{project}}: {{events}} messages', {
          version,
          project,
          events: total.events,
        }),
      }
    } catch (error) {
      const problem = toProblem(error)
      return { status: 'error', message: `${problem.message}. ${problem.detail || problem.hint}` }
    }
  }

  private ask<N extends UsedRoute>(route: N, options: CallOptions<N>): Promise<Answer<N>> {
    return call(route, { ...options, base: this.base })
  }

  private async answer(target: TopicsQuery, time: { from: string; to: string }, scopedVars: ScopedVars): Promise<DataFrame[]> {
    const { kind, level, limit, topicId, segments, refId } = { ...defaultQuery, ...target }
    const query = { ...time, level, ...readSegments(replace(segments, scopedVars)), topic_id: replace(topicId, scopedVars) || undefined }
    switch (kind) {
      case 'topics':
        return [toTopicsFrame(refId, await this.ask('topics', { query: { ...query, limit } }))]
      case 'activity':
        return toActivityFrames(refId, await this.ask('topics', { query: { ...query, limit } }))
      case 'totals':
        return [toTotalsFrame(refId, await this.ask('topics', { query: { ...query, limit: 1 } }))]
      case 'transitions': {
        const [journeys, names] = await Promise.all([this.ask('journeys', { query: { ...query, limit } }), this.names(level)])
        return [toTransitionsFrame(refId, journeys, names, { level, top: limit })]
      }
      case 'flow': {
        const top = Math.min(limit, 50) // the API's most
        const [journeys, names] = await Promise.all([this.ask('journeys', { query: { ...query, top, limit: 1 } }), this.names(level)])
        return [toFlowFrame(refId, journeys, names, { level, top })]
      }
      case 'sessions':
        return [toSessionsFrame(refId, await this.ask('sessions', { query: { ...query, limit } }))]
      case 'births': {
        const [{ lineage }, names] = await Promise.all([this.ask('lineage', { query: time }), this.names(level)])
        return [toBirthsFrame(refId, lineage, level, names)]
      }
    }
  }

  private async names(level: TopicsQuery['level']): Promise<TopicNames> {
    const { topics } = await this.ask('topics', { query: { level, from: 'now-10y', hidden: true, limit: 5000 } })
    return topics
  }
}

function replace(text: string | undefined, scopedVars: ScopedVars): string {
  return text === undefined ? '' : getTemplateSrv().replace(text, scopedVars, 'csv')
}
