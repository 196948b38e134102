/** Segments that talk about a topic more, or less, than others. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'
import type { TopicDetail } from '../../api/types.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Section } from '../../components/section.tsx'
import { formatCount, formatTimes } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useUrl } from '../../state/url.ts'

type Segment = TopicDetail['segments'][number]
const shownSegments = 6

export function StandOut({ segments }: { readonly segments: readonly Segment[] }) {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const strongest = [...segments]
    .sort((a, b) => Math.abs(Math.log(b.lift + 0.01)) - Math.abs(Math.log(a.lift + 0.01)))
    .slice(0, shownSegments)
  const columns: Column<Segment>[] = [
    {
      id: 'segment',
      header: t('stand-out.segment', 'Segment'),
      cell: ({ field, value }) => (
        <Button
          fill="text"
          size="sm"
          className={styles.segment}
          tooltip={t('stand-out.filter', 'Filter by this segment')}
          onClick={() => update({ [`segment.${field}`]: [...new Set([...params.getAll(`segment.${field}`), value])] })}
        >
          {field}: {value}
        </Button>
      ),
    },
    { id: 'count', header: t('topics.messages', 'Messages'), align: 'right', cell: ({ events }) => formatCount(events) },
    {
      id: 'lift',
      header: t('stand-out.lift', 'Compared with others'),
      align: 'right',
      hint: t('stand-out.lift-hint', '2× = this segment writes about the topic twice as often as everybody; with its 95% interval'),
      cell: ({ lift, low, high }) => `${formatTimes(lift)} (${formatTimes(low)}–${formatTimes(high)})`,
    },
  ]
  return (
    <Section title={t('stand-out.title', 'Who stands out')}>
      {strongest.length === 0 ? (
        <p>{t('stand-out.nothing', 'No segment writes about this topic more or less than others.')}</p>
      ) : (
        <DataTable
          label={t('stand-out.title', 'Who stands out')}
          columns={columns}
          rows={strongest}
          rowKey={({ field, value }) => `${field}=${value}`}
        />
      )}
    </Section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  segment: css({ marginLeft: theme.spacing(-1) }), // its words stand below the column's name
})
