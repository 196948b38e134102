/** All topics with their figures; renames, hides, pins and merges in place. */
import { useMemo, useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Checkbox, InlineSwitch, useStyles2 } from '@grafana/ui'
import type { Topic, TopicsAnswer } from '../../api/types.ts'
import { ShareBar } from '../../charts/share-bar.tsx'
import { TrendLine } from '../../charts/trend-line.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { SearchInput } from '../../components/search-input.tsx'
import { Section } from '../../components/section.tsx'
import { formatCount, formatShare } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { useUrl } from '../../state/url.ts'
import { MergeBar } from './merge-bar.tsx'
import { TopicName } from './topic-name.tsx'
import type { EmergingKind } from './topic-mark.tsx'

interface TopicTableProps {
  readonly data: TopicsAnswer
  readonly marks: ReadonlyMap<string, EmergingKind>
}

export function TopicTable({ data: { topics }, marks }: TopicTableProps) {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const directory = useDirectory()
  const [picked, setPicked] = useState<readonly string[]>([])
  const columns = useMemo(() => toColumns({ topics, marks, directory, picked, onPick: setPicked }), [topics, marks, directory, picked])
  const hidden = params.get('hidden') === 'true'
  return (
    <Section
      title={t('topics.all', 'All topics')}
      actions={
        <div className={styles.actions}>
          <SearchInput placeholder={t('topics.search', 'Search topics')} />
          <InlineSwitch
            id="hidden-topics"
            label={t('topics.hidden', 'Show hidden')}
            showLabel
            transparent
            value={hidden}
            onChange={() => update({ hidden: hidden ? null : 'true' })}
          />
        </div>
      }
    >
      <MergeBar topics={topics.filter(({ id }) => picked.includes(id))} onDone={() => setPicked([])} />
      <DataTable label={t('topics.all', 'All topics')} columns={columns} rows={topics} rowKey={({ id }) => id} initialOrder="-events" />
    </Section>
  )
}

interface ColumnInput extends Pick<TopicTableProps, 'marks'> {
  readonly topics: readonly Topic[]
  readonly directory: ReturnType<typeof useDirectory>
  readonly picked: readonly string[]
  readonly onPick: (ids: readonly string[]) => void
}

function toColumns({ topics, marks, directory, picked, onPick }: ColumnInput): Column<Topic>[] {
  const maxShare = Math.max(...topics.map(({ share }) => share), 0)
  return [
    {
      id: 'pick',
      header: '',
      width: 32,
      cell: ({ id, label }) => (
        <Checkbox
          aria-label={t('topics.pick', 'Select {{label}}', { label })}
          value={picked.includes(id)}
          onChange={(event) => onPick(event.currentTarget.checked ? [...picked, id] : picked.filter((one) => one !== id))}
        />
      ),
    },
    {
      id: 'label',
      header: t('topics.topic', 'Topic'),
      cell: (topic) => <TopicName topic={topic} mark={marks.get(topic.id)} />,
      order: ({ label }) => label,
    },
    {
      id: 'events',
      header: t('topics.messages', 'Messages'),
      align: 'right',
      width: 90,
      cell: ({ events }) => formatCount(events),
      order: ({ events }) => events,
    },
    {
      id: 'share',
      header: t('topics.share', 'Share'),
      width: 150,
      cell: ({ id, share }) => <ShareBar share={share} max={maxShare} color={directory.name(id).color} />,
      order: ({ share }) => share,
    },
    {
      id: 'sessions',
      header: t('topics.sessions', 'Sessions'),
      align: 'right',
      width: 90,
      cell: ({ sessions }) => formatCount(sessions),
      order: ({ sessions }) => sessions,
    },
    {
      id: 'users',
      header: t('topics.users', 'Users'),
      align: 'right',
      width: 80,
      cell: ({ users }) => formatCount(users),
      order: ({ users }) => users,
    },
    {
      id: 'trend',
      header: t('topics.trend', 'Trend'),
      width: 120,
      cell: ({ id, label, trend }) => (
        <TrendLine
          values={trend}
          color={directory.name(id).color}
          label={t('topics.trend-of', 'Messages over time: {{label}}', { label })}
        />
      ),
      order: ({ trend }) => recentShare(trend),
      hint: t('topics.trend-hint', 'Messages over the time range. Ordered by how much of them came in its last quarter.'),
    },
    {
      id: 'drop_off',
      header: t('topics.drop-off', 'Drop-off'),
      align: 'right',
      width: 90,
      cell: ({ drop_off_rate }) => formatShare(drop_off_rate),
      order: ({ drop_off_rate }) => drop_off_rate,
      hint: t('topics.drop-off-hint', 'Visits of the topic after which the session ended'),
    },
    {
      id: 'errors',
      header: t('topics.errors', 'Errors'),
      align: 'right',
      width: 80,
      cell: ({ error_rate }) => formatShare(error_rate),
      order: ({ error_rate }) => error_rate,
    },
  ]
}

/** How much of a trend lies in its last quarter, 0…1. */
function recentShare(trend: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return sum(trend.slice(-Math.ceil(trend.length / 4))) / Math.max(sum(trend), 1)
}

const getStyles = (theme: GrafanaTheme2) => ({
  actions: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
})
