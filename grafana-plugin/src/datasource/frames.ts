/** The API's answers as data frames. Topic ids come beside labels, so that data links can lead into the app. */
import { createDataFrame, FieldType, type DataFrame, type FieldConfig } from '@grafana/data'
import type { Answer, JourneysAnswer, Level, SessionsAnswer, Topic, TopicsAnswer } from '../api/types.ts'
import { assignColorNames } from '../charts/colors.ts'
import { rootPath, unclusteredId } from '../constants.ts'
import { t } from '../i18n.ts'

/** What was asked: drill-downs of the journey panel ask the same. */
export interface Asked {
  readonly level: Level
  /** Topics per step of the flow. */
  readonly top: number
}

export type TopicNames = readonly Pick<Topic, 'id' | 'label' | 'born_at'>[]

/** For links and the journey panel, not for readers of a table. */
const hidden: FieldConfig = { custom: { hidden: true } }
const share: FieldConfig = { unit: 'percentunit', decimals: 1 }
const toTopic: FieldConfig = {
  links: [{ title: 'Open topic', url: `${rootPath}/topics/\${__data.fields["Topic id"]}?from=\${__from}&to=\${__to}` }],
}
const toSession: FieldConfig = { links: [{ title: 'Open session', url: `${rootPath}/sessions/\${__data.fields["Session"]}` }] }

export function toTopicsFrame(refId: string, { topics }: TopicsAnswer): DataFrame {
  const column = <T>(read: (topic: Topic) => T) => topics.map(read)
  return createDataFrame({
    refId,
    fields: [
      { name: 'Topic', type: FieldType.string, values: column(({ label }) => label), config: toTopic },
      { name: 'Messages', type: FieldType.number, values: column(({ events }) => events) },
      { name: 'Share', type: FieldType.number, values: column((topic) => topic.share), config: share },
      { name: 'Sessions', type: FieldType.number, values: column(({ sessions }) => sessions) },
      { name: 'Users', type: FieldType.number, values: column(({ users }) => users) },
      { name: 'Drop-off', type: FieldType.number, values: column(({ drop_off_rate }) => drop_off_rate), config: share },
      { name: 'Errors', type: FieldType.number, values: column(({ error_rate }) => error_rate), config: share },
      { name: 'Cost', type: FieldType.number, values: column(({ cost }) => cost), config: { unit: 'currencyUSD' } },
      { name: 'Topic id', type: FieldType.string, values: column(({ id }) => id), config: hidden },
    ],
  })
}

/** One frame per topic, so that a time series panel draws one line per topic. */
export function toActivityFrames(refId: string, { topics, buckets }: TopicsAnswer): DataFrame[] {
  const times = buckets.map((time) => Date.parse(time))
  return topics.map(({ id, label, trend }) =>
    createDataFrame({
      refId,
      fields: [
        { name: 'Time', type: FieldType.time, values: times },
        {
          name: 'Messages',
          type: FieldType.number,
          values: trend,
          labels: { topic: label, topic_id: id },
          config: { displayNameFromDS: label },
        },
      ],
    }),
  )
}

export function toTotalsFrame(refId: string, { total, unclustered }: TopicsAnswer): DataFrame {
  return createDataFrame({
    refId,
    fields: [
      { name: 'Messages', type: FieldType.number, values: [total.events] },
      { name: 'Sessions', type: FieldType.number, values: [total.sessions] },
      { name: 'Users', type: FieldType.number, values: [total.users] },
      { name: 'Unclustered', type: FieldType.number, values: [unclustered.events / Math.max(total.events, 1)], config: share },
    ],
  })
}

export function toTransitionsFrame(refId: string, { follow_ups }: JourneysAnswer, names: TopicNames, asked: Asked): DataFrame {
  const label = labels(names)
  const colors = assignColorNames(names)
  return createDataFrame({
    refId,
    meta: { custom: { ...asked } },
    fields: [
      { name: 'From', type: FieldType.string, values: follow_ups.map(({ from }) => label(from)) },
      { name: 'To', type: FieldType.string, values: follow_ups.map(({ to }) => label(to)) },
      { name: 'Count', type: FieldType.number, values: follow_ups.map(({ count }) => count) },
      { name: 'Share', type: FieldType.number, values: follow_ups.map((row) => row.share), config: share },
      { name: 'Lift', type: FieldType.number, values: follow_ups.map(({ lift }) => lift), config: { decimals: 1 } },
      { name: 'Topic id', type: FieldType.string, values: follow_ups.map(({ from }) => from), config: hidden },
      { name: 'To id', type: FieldType.string, values: follow_ups.map(({ to }) => to), config: hidden },
      { name: 'Color', type: FieldType.string, values: follow_ups.map(({ from }) => colors.get(from) ?? ''), config: hidden },
      { name: 'To color', type: FieldType.string, values: follow_ups.map(({ to }) => colors.get(to) ?? ''), config: hidden },
    ],
  })
}

/** What the journey panel draws: one row per band of the flow, and one per node for what ends there (`To` is empty). */
export function toFlowFrame(refId: string, { flow }: JourneysAnswer, names: TopicNames, asked: Asked): DataFrame {
  const label = labels(names)
  const colors = assignColorNames(names)
  const ends = flow.steps.flatMap(({ step, nodes }) =>
    nodes.map(({ topic_id, sessions, drop_offs, active }) => ({ step, from: topic_id, to: '', sessions, dropOffs: drop_offs, active })),
  )
  const bands = flow.links.map(({ step, from, to, sessions }) => ({ step, from, to: label(to), sessions, dropOffs: 0, active: 0 }))
  const rows = [...ends, ...bands]
  return createDataFrame({
    refId,
    meta: { preferredVisualisationPluginId: 'turret-topics-journey-panel', custom: { ...asked } },
    fields: [
      { name: 'Step', type: FieldType.number, values: rows.map(({ step }) => step) },
      { name: 'From', type: FieldType.string, values: rows.map(({ from }) => label(from)) },
      { name: 'To', type: FieldType.string, values: rows.map(({ to }) => to) },
      { name: 'Sessions', type: FieldType.number, values: rows.map(({ sessions }) => sessions) },
      { name: 'Drop-offs', type: FieldType.number, values: rows.map(({ dropOffs }) => dropOffs) },
      { name: 'Active', type: FieldType.number, values: rows.map(({ active }) => active) },
      { name: 'Topic id', type: FieldType.string, values: rows.map(({ from }) => from ?? '') },
      { name: 'Color', type: FieldType.string, values: rows.map(({ from }) => colors.get(from ?? '') ?? '') },
    ],
  })
}

export function toSessionsFrame(refId: string, { sessions }: SessionsAnswer): DataFrame {
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: sessions.map(({ ended_at }) => Date.parse(ended_at)) },
      { name: 'First message', type: FieldType.string, values: sessions.map(({ first_text }) => first_text), config: toSession },
      { name: 'User', type: FieldType.string, values: sessions.map(({ user_id }) => user_id) },
      { name: 'Messages', type: FieldType.number, values: sessions.map(({ events }) => events) },
      { name: 'Topics', type: FieldType.number, values: sessions.map(({ topics }) => topics) },
      { name: 'Errors', type: FieldType.number, values: sessions.map(({ errors }) => errors) },
      { name: 'Session', type: FieldType.string, values: sessions.map(({ session_id }) => session_id) },
    ],
  })
}

/** Annotations: when topics appeared. */
export function toBirthsFrame(refId: string, lineage: Answer<'lineage'>['lineage'], level: Level, names: TopicNames): DataFrame {
  const label = labels(names)
  const births = lineage.filter((row) => row.kind === 'born' && row.level === level)
  return createDataFrame({
    refId,
    fields: [
      { name: 'time', type: FieldType.time, values: births.map(({ at }) => Date.parse(at)) },
      { name: 'title', type: FieldType.string, values: births.map(() => t('source.born', 'New topic')) },
      { name: 'text', type: FieldType.string, values: births.map(({ to_id }) => label(to_id)) },
      { name: 'id', type: FieldType.string, values: births.map(({ to_id }) => to_id ?? '') },
    ],
  })
}

/** Labels that differ although two topics may be called the same. */
function labels(names: TopicNames): (id: string | null) => string {
  const known = new Map(names.map(({ id, label }) => [id, label]))
  return (id) => {
    if (id === null) {
      return t('topic.other', 'Other')
    }
    return id === unclusteredId ? t('topic.unclustered', 'Unclustered') : (known.get(id) ?? id)
  }
}
