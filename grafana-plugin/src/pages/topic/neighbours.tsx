/** The topics that people come from and go to. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { TextLink, useStyles2 } from '@grafana/ui'
import type { TopicDetail } from '../../api/types.ts'
import { ShareBar } from '../../charts/share-bar.tsx'
import { Section } from '../../components/section.tsx'
import { TopicChip } from '../../components/topic-chip.tsx'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { drillDownLink, type DrillDown } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

const shownRows = 8

interface Row {
  readonly topic_id: string
  readonly count: number
  readonly share: number
}

export function Neighbours({ topic: { id, follow_ups, predecessors } }: { readonly topic: TopicDetail }) {
  const styles = useStyles2(getStyles)
  return (
    <Section title={t('neighbours.title', 'Before and after')}>
      <div className={styles.columns}>
        <List
          title={t('neighbours.before', 'People come from')}
          rows={predecessors}
          toDrillDown={(other) => ({ journey: 'follow_ups', at: other, next: id })}
        />
        <List
          title={t('neighbours.after', 'People go on to')}
          rows={follow_ups}
          toDrillDown={(other) => ({ journey: 'follow_ups', at: id, next: other })}
        />
      </div>
    </Section>
  )
}

interface ListProps {
  readonly title: string
  readonly rows: readonly Row[]
  readonly toDrillDown: (topicId: string) => DrillDown
}

function List({ title, rows, toDrillDown }: ListProps) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const directory = useDirectory()
  const max = Math.max(...rows.map(({ share }) => share), 0)
  return (
    <div className={styles.list}>
      <h3 className={styles.title}>{title}</h3>
      {rows.length === 0 && <p>{t('neighbours.nothing', 'Nothing in this time range')}</p>}
      {rows.slice(0, shownRows).map(({ topic_id, count, share }) => (
        <div key={topic_id} className={styles.row}>
          <TopicChip id={topic_id} />
          <ShareBar share={share} max={max} color={directory.name(topic_id).color} />
          <TextLink href={drillDownLink(toDrillDown(topic_id), params)} inline={false} color="secondary" variant="bodySmall">
            {formatCount(count)}
          </TextLink>
        </div>
      ))}
      {rows.length > shownRows && (
        <p className={styles.rest}>
          {t('neighbours.rest', 'Other topics ({{topics}}): {{count}}', {
            topics: rows.length - shownRows,
            count: formatCount(rows.slice(shownRows).reduce((sum, row) => sum + row.count, 0)),
          })}
        </p>
      )}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))', gap: theme.spacing(3) }),
  list: css({ minWidth: 0 }),
  title: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, marginBottom: theme.spacing(1) }),
  row: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 100px 30px',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 0),
    'a:last-child': { justifySelf: 'end' },
  }),
  rest: css({ ...theme.typography.bodySmall, margin: theme.spacing(1, 0, 0), color: theme.colors.text.secondary }),
})
