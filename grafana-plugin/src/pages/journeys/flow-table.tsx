/** The flow's numbers as a table. */
import { TextLink } from '@grafana/ui'
import type { Flow } from '../../charts/sankey/flow.ts'
import { stepName } from '../../charts/sankey/words.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { TopicChip } from '../../components/topic-chip.tsx'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { drillDownLink } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

interface Row {
  readonly step: number
  readonly from: string | null
  /** undefined = the session ends */
  readonly to: string | null | undefined
  readonly sessions: number
}

export function FlowTable({ flow }: { readonly flow: Flow }) {
  const { params } = useUrl()
  const around = flow.steps.some(({ step }) => step === 0)
  const ends = flow.steps.flatMap(({ step, nodes }) =>
    nodes.map(({ topic_id, drop_offs }): Row => ({ step, from: topic_id, to: undefined, sessions: drop_offs })),
  )
  const rows = [...flow.links, ...ends].filter(({ sessions }) => sessions > 0)
  const columns: Column<Row>[] = [
    { id: 'step', header: t('flow.step', 'Step'), width: 90, cell: ({ step }) => stepName(step, around), order: ({ step }) => step },
    { id: 'from', header: t('flow.from', 'From'), cell: ({ from }) => <TopicChip id={from} /> },
    {
      id: 'to',
      header: t('flow.to', 'To'),
      cell: ({ to }) => (to === undefined ? t('matrix.ends', 'Session ends') : <TopicChip id={to} />),
    },
    {
      id: 'sessions',
      header: t('topics.sessions', 'Sessions'),
      align: 'right',
      cell: ({ step, from, to, sessions }) => (
        <TextLink
          inline={false}
          href={drillDownLink(
            { journey: 'flow', step, at: from ?? 'other', ...(to === undefined ? { end: 'drop_off' } : { next: to ?? 'other' }) },
            params,
          )}
        >
          {formatCount(sessions)}
        </TextLink>
      ),
      order: ({ sessions }) => sessions,
    },
  ]
  return (
    <DataTable
      name="flow-"
      label={t('flow.title', 'Flow by step')}
      columns={columns}
      rows={rows}
      rowKey={({ step, from, to }) => `${step} ${from} ${to === undefined ? 'end' : to}`}
      initialOrder="step"
    />
  )
}
