/** Two filters or periods side by side: what differs, and how sure that is. */
import type { ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Badge, Button, useStyles2 } from '@grafana/ui'
import type { CompareAnswer, Query } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { DifferenceBar } from '../../charts/difference-bar.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { TopicChip } from '../../components/topic-chip.tsx'
import { TopicPath } from '../../components/topic-path.tsx'
import { formatPoints, formatShare } from '../../format.ts'
import { t } from '../../i18n.ts'
import { readFilters, readLevel, toSideQuery, type Side } from '../../state/filters.ts'
import { useUrl } from '../../state/url.ts'
import { SidePicker } from './side-picker.tsx'

type Part = 'topics' | 'transitions' | 'drop_offs'
type Row = CompareAnswer['topics'][number] & { readonly key: string; readonly name: ReactNode }

export function CompareButton() {
  const { params, update } = useUrl()
  const on = params.get('compare') === '1'
  const leave = () =>
    update({
      compare: null,
      'b.from': null,
      'b.to': null,
      ...Object.fromEntries(readFilters(params, 'b').map(({ param }) => [param, null])),
    })
  return (
    <Button variant="secondary" icon="columns" aria-pressed={on} onClick={() => (on ? leave() : update({ compare: '1' }))}>
      {on ? t('compare.leave', 'Stop comparing') : t('compare.start', 'Compare')}
    </Button>
  )
}

export function CompareView({ parts }: { readonly parts: readonly Part[] }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const segments = useQuery('segments', { query: { from: 'now-90d', limit: 50 } })
  const query = useQuery('compare', { query: { level: readLevel(params), ...prefixed(params, 'a'), ...prefixed(params, 'b') } })
  return (
    <>
      <div className={styles.sides}>
        <SidePicker side="a" fields={segments.data?.fields ?? []} total={query.data?.a} />
        <SidePicker side="b" fields={segments.data?.fields ?? []} total={query.data?.b} />
      </div>
      <QueryView query={query}>{(answer) => parts.map((part) => <Differences key={part} part={part} answer={answer} />)}</QueryView>
    </>
  )
}

function prefixed(params: URLSearchParams, side: Side): Query {
  return Object.fromEntries(Object.entries(toSideQuery(params, side)).map(([name, value]) => [`${side}.${name}`, value]))
}

function Differences({ part, answer }: { readonly part: Part; readonly answer: CompareAnswer }) {
  const styles = useStyles2(getStyles)
  const rows = toRows(part, answer)
  const widest = Math.max(...rows.map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high))), 0.001)
  const columns: Column<Row>[] = [
    { id: 'name', header: titleOf(part), cell: ({ name }) => name },
    { id: 'a', header: 'A', align: 'right', width: 80, cell: ({ share_a }) => formatShare(share_a), order: ({ share_a }) => share_a },
    { id: 'b', header: 'B', align: 'right', width: 80, cell: ({ share_b }) => formatShare(share_b), order: ({ share_b }) => share_b },
    {
      id: 'difference',
      header: t('compare.difference', 'B − A'),
      align: 'right',
      width: 100,
      cell: ({ difference }) => formatPoints(difference),
      order: ({ difference }) => Math.abs(difference),
      hint: t('compare.difference-hint', 'Difference of the shares in percentage points'),
    },
    {
      id: 'interval',
      header: t('compare.interval', '95% interval'),
      width: 240,
      cell: ({ difference, low, high, significant }) => (
        <DifferenceBar difference={difference} low={low} high={high} max={widest} significant={significant} />
      ),
    },
    {
      id: 'sure',
      header: t('compare.sure', 'Certain?'),
      width: 130,
      cell: ({ significant }) =>
        significant ? (
          <Badge color="blue" text={t('compare.significant', 'Significant')} />
        ) : (
          <span className={styles.chance}>{t('compare.chance', 'may be chance')}</span>
        ),
      order: ({ p_value }) => p_value,
      hint: t('compare.sure-hint', 'After correction for the number of rows, at most 5% of the significant ones are chance'),
    },
  ]
  return (
    <Section title={titleOf(part)}>
      <DataTable
        name={`${part}-`}
        label={titleOf(part)}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        initialOrder="-difference"
      />
    </Section>
  )
}

function toRows(part: Part, answer: CompareAnswer): Row[] {
  return part === 'transitions'
    ? answer.transitions.map((row) => ({
        ...row,
        topic_id: row.from,
        key: `${row.from} ${row.to}`,
        name: <TopicPath ids={[row.from, row.to]} />,
      }))
    : answer[part].map((row) => ({ ...row, key: row.topic_id, name: <TopicChip id={row.topic_id} /> }))
}

function titleOf(part: Part): string {
  switch (part) {
    case 'topics':
      return t('topics.title', 'Topics')
    case 'transitions':
      return t('journeys.follow-ups', 'What follows what')
    case 'drop_offs':
      return t('journeys.drop-offs', 'Where sessions end')
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  sides: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(320px, 1fr))', gap: theme.spacing(2) }),
  chance: css({ color: theme.colors.text.secondary }),
})
