/** What a panel asks for, as form fields. */
import type { QueryEditorProps } from '@grafana/data'
import { Combobox, InlineField, InlineFieldRow, Input } from '@grafana/ui'
import type { Level } from '../api/types.ts'
import { t } from '../i18n.ts'
import type { TopicsDataSource } from './data-source.ts'
import { defaultQuery, type QueryKind, type SourceSettings, type TopicsQuery } from './query.ts'

export function QueryEditor({ query, onChange, onRunQuery }: QueryEditorProps<TopicsDataSource, TopicsQuery, SourceSettings>) {
  const { kind, level, limit, topicId, segments } = { ...defaultQuery, ...query }
  const change = (patch: Partial<TopicsQuery>) => {
    onChange({ ...query, ...patch })
    onRunQuery()
  }
  return (
    <>
      <InlineFieldRow>
        <InlineField label={t('source.show', 'Show')} labelWidth={12}>
          <Combobox
            id={`${query.refId}-kind`}
            width={26}
            options={kindOptions()}
            value={kind}
            onChange={(option) => change({ kind: option.value })}
          />
        </InlineField>
        <InlineField label={t('filters.level', 'Level')} labelWidth={12}>
          <Combobox
            id={`${query.refId}-level`}
            width={18}
            options={levelOptions()}
            value={level}
            onChange={(option) => change({ level: option.value })}
          />
        </InlineField>
        <InlineField
          label={t('source.limit', 'At most')}
          labelWidth={12}
          tooltip={t('source.limit-hint', 'Rows, or topics per step of the flow')}
        >
          <Input
            id={`${query.refId}-limit`}
            type="number"
            width={10}
            min={1}
            max={5000}
            defaultValue={limit}
            onBlur={(event) => change({ limit: Math.min(5000, Math.max(1, Number(event.currentTarget.value) || defaultQuery.limit)) })}
          />
        </InlineField>
      </InlineFieldRow>
      <InlineFieldRow>
        <InlineField
          label={t('source.topic', 'Visits topic')}
          labelWidth={12}
          tooltip={t('source.topic-hint', 'A topic’s id or a variable such as $topic')}
        >
          <Input
            id={`${query.refId}-topic`}
            width={26}
            defaultValue={topicId ?? ''}
            placeholder="$topic"
            onBlur={(event) => change({ topicId: event.currentTarget.value })}
          />
        </InlineField>
        <InlineField
          label={t('source.segments', 'Segments')}
          labelWidth={12}
          tooltip={t('source.segments-hint', 'As in a URL: plan=pro,free&country=$country')}
        >
          <Input
            id={`${query.refId}-segments`}
            width={40}
            defaultValue={segments ?? ''}
            placeholder="plan=pro&country=$country"
            onBlur={(event) => change({ segments: event.currentTarget.value })}
          />
        </InlineField>
      </InlineFieldRow>
    </>
  )
}

function kindOptions(): { value: QueryKind; label: string }[] {
  return [
    { value: 'topics', label: t('source.kind-topics', 'Topics (table)') },
    { value: 'activity', label: t('source.kind-activity', 'Topics over time') },
    { value: 'totals', label: t('source.kind-totals', 'Totals') },
    { value: 'transitions', label: t('source.kind-transitions', 'Transitions') },
    { value: 'flow', label: t('source.kind-flow', 'Flow (journey panel)') },
    { value: 'sessions', label: t('source.kind-sessions', 'Sessions') },
    { value: 'births', label: t('source.kind-births', 'New topics (annotations)') },
  ]
}

function levelOptions(): { value: Level; label: string }[] {
  return [
    { value: 'theme', label: t('level.themes', 'Themes') },
    { value: 'topic', label: t('level.topics', 'Topics') },
    { value: 'subtopic', label: t('level.subtopics', 'Subtopics') },
  ]
}
