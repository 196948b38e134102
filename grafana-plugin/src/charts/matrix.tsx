/** From which topic to which: a heat map that is a table, so that keyboards and screen readers can walk it. */
import { css } from '@emotion/css'
import { colorManipulator, type GrafanaTheme2 } from '@grafana/data'
import { Link, useStyles2, useTheme2 } from '@grafana/ui'
import type { JourneysAnswer } from '../api/types.ts'
import { formatCount, formatShare } from '../format.ts'
import { t, template } from '../i18n.ts'
import type { TopicName } from '../state/directory.tsx'

interface MatrixProps {
  readonly journeys: Pick<JourneysAnswer, 'topics' | 'follow_ups' | 'drop_offs'>
  /** How many topics, by visits. */
  readonly size: number
  readonly nameOf: (id: string | null) => TopicName
  readonly pairLink: (from: string, to: string) => string
  readonly dropOffLink: (topicId: string) => string
}

export function Matrix({ journeys, size, nameOf, pairLink, dropOffLink }: MatrixProps) {
  const styles = useStyles2(getStyles)
  const theme = useTheme2()
  const topics = [...journeys.topics].sort((a, b) => b.visits - a.visits).slice(0, size)
  const hasEnds = topics.some(({ drop_offs }) => drop_offs > 0)
  const pairs = new Map(journeys.follow_ups.map((pair) => [`${pair.from} ${pair.to}`, pair]))
  const strongest = Math.max(...journeys.follow_ups.map(({ share }) => share), 0.01)
  const pairWords = template('matrix.pair', '{{from}} → {{to}}: {{count}} times, {{times}} as often as by chance')
  const tint = (color: string, share: number, max: number) =>
    share === 0 ? 'transparent' : colorManipulator.alpha(color, 0.08 + 0.4 * Math.min(1, share / max))

  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={t('matrix.label', 'From topic (row) to topic (column): share of those who go on')}>
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              {t('matrix.from', 'From')}
            </th>
            {topics.map(({ topic_id }) => (
              <th key={topic_id} scope="col" className={styles.column}>
                <span className={styles.slanted} title={nameOf(topic_id).label}>
                  {nameOf(topic_id).label}
                </span>
              </th>
            ))}
            {hasEnds && (
              <th scope="col" className={styles.column}>
                <span className={styles.slanted}>{t('matrix.ends', 'Session ends')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {topics.map(({ topic_id: from, visits, drop_offs }) => (
            <tr key={from}>
              <th scope="row" className={styles.row} title={nameOf(from).label}>
                <span className={styles.dot} style={{ background: nameOf(from).color }} />
                {nameOf(from).label}
              </th>
              {topics.map(({ topic_id: to }) => {
                const pair = pairs.get(`${from} ${to}`)
                return (
                  <td key={to} className={styles.cell} style={{ background: tint(theme.colors.primary.main, pair?.share ?? 0, strongest) }}>
                    {pair && (
                      <Link
                        href={pairLink(from, to)}
                        title={pairWords({
                          from: nameOf(from).label,
                          to: nameOf(to).label,
                          count: formatCount(pair.count),
                          times: `${pair.lift.toFixed(1)}×`,
                        })}
                      >
                        {formatShare(pair.share)}
                      </Link>
                    )}
                  </td>
                )
              })}
              {hasEnds && (
                <td className={styles.cell} style={{ background: tint(theme.colors.error.main, drop_offs / Math.max(visits, 1), 1) }}>
                  {drop_offs > 0 && (
                    <Link
                      href={dropOffLink(from)}
                      title={t('matrix.drop-off', '{{count}} sessions end here', { count: formatCount(drop_offs) })}
                    >
                      {formatShare(drop_offs / Math.max(visits, 1))}
                    </Link>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto' }),
  table: css({
    borderCollapse: 'separate',
    borderSpacing: 2,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
  corner: css({ verticalAlign: 'bottom', paddingBottom: 6, fontWeight: 'normal', textAlign: 'left', color: theme.colors.text.secondary }),
  column: css({
    position: 'relative',
    height: 120,
    width: 58,
    minWidth: 46,
    padding: 0,
    fontWeight: 'normal',
    color: theme.colors.text.secondary,
  }),
  slanted: css({
    position: 'absolute',
    left: '50%',
    bottom: 6,
    width: 150,
    transformOrigin: '0 100%',
    transform: 'rotate(-48deg)',
    textAlign: 'left',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  row: css({
    maxWidth: 210,
    minWidth: 150,
    padding: theme.spacing(0, 1, 0, 0),
    fontWeight: 'normal',
    textAlign: 'left',
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  }),
  dot: css({ display: 'inline-block', width: 10, height: 10, marginRight: theme.spacing(1), borderRadius: theme.shape.radius.sm }),
  cell: css({
    height: 30,
    padding: 0,
    borderRadius: theme.shape.radius.sm,
    textAlign: 'center',
    boxShadow: `inset 0 0 0 1px ${theme.colors.border.weak}`,
    a: {
      display: 'grid',
      placeItems: 'center',
      height: '100%',
      color: theme.colors.text.primary,
      '&:hover, &:focus-visible': { boxShadow: `inset 0 0 0 2px ${theme.colors.text.primary}` },
    },
  }),
})
