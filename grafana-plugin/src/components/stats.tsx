/** A row of key figures. */
import type { ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'

export interface Stat {
  readonly label: string
  readonly value: ReactNode
  /** Small words below the figure. */
  readonly note?: ReactNode
}

export function Stats({ stats }: { readonly stats: readonly Stat[] }) {
  const styles = useStyles2(getStyles)
  return (
    <dl className={styles.row}>
      {stats.map(({ label, value, note }) => (
        <div key={label} className={styles.stat}>
          <dt className={styles.label}>{label}</dt>
          <dd className={styles.value}>{value}</dd>
          {note && <dd className={styles.note}>{note}</dd>}
        </div>
      ))}
    </dl>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(130px, 1fr))',
    margin: 0,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  stat: css({ padding: theme.spacing(1.5, 2), '& + &': { borderLeft: `1px solid ${theme.colors.border.weak}` } }),
  label: css({ ...theme.typography.bodySmall, fontWeight: 'normal', color: theme.colors.text.secondary }),
  value: css({
    margin: 0,
    fontSize: 22,
    lineHeight: 1.25,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    fontWeight: theme.typography.fontWeightMedium,
    fontVariantNumeric: 'tabular-nums',
  }),
  note: css({ ...theme.typography.bodySmall, margin: 0, color: theme.colors.text.secondary }),
})
