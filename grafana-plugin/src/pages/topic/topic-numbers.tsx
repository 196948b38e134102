/** Number fields of a topic's messages, scores of evaluations among them, beside everybody's. */
import type { TopicDetail } from '../../api/types.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Section } from '../../components/section.tsx'
import { formatCount, formatNumber } from '../../format.ts'
import { t } from '../../i18n.ts'

type Row = TopicDetail['numbers'][number]

export function TopicNumbers({ numbers }: { readonly numbers: readonly Row[] }) {
  const columns: Column<Row>[] = [
    { id: 'field', header: t('numbers.field', 'Field'), cell: ({ field }) => <bdi>{field}</bdi> },
    { id: 'count', header: t('topics.messages', 'Messages'), align: 'right', cell: ({ events }) => formatCount(events) },
    { id: 'mean', header: t('numbers.mean', 'Mean here'), align: 'right', cell: ({ mean }) => formatNumber(mean) },
    { id: 'all', header: t('numbers.mean-of-all', 'Mean of all'), align: 'right', cell: ({ mean_of_all }) => formatNumber(mean_of_all) },
  ]
  const title = t('numbers.title', 'Numbers')
  return numbers.length === 0 ? null : (
    <Section title={title}>
      <DataTable label={title} columns={columns} rows={numbers} rowKey={({ field }) => field} />
    </Section>
  )
}
