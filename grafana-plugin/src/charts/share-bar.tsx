/** A share as a number with a bar behind it. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { formatShare } from '../format.ts'

interface ShareBarProps {
  /** 0…1 */
  readonly share: number
  /** The share that fills the bar, 0…1. */
  readonly max?: number
  readonly color?: string
}

export function ShareBar({ share, max = 1, color }: ShareBarProps) {
  const styles = useStyles2(getStyles)
  return (
    <span className={styles.row}>
      <span className={styles.track}>
        <span
          className={styles.fill}
          style={{ width: `${Math.min(100, (share / Math.max(max, 1e-9)) * 100)}%`, ...(color === undefined ? {} : { background: color }) }}
        />
      </span>
      <span className={styles.number}>{formatShare(share)}</span>
    </span>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  track: css({
    flex: 1,
    minWidth: 40,
    height: 6,
    borderRadius: theme.shape.radius.sm,
    background: theme.colors.background.secondary,
    overflow: 'hidden',
  }),
  fill: css({ display: 'block', height: '100%', borderRadius: theme.shape.radius.sm, background: theme.colors.primary.main }),
  number: css({ flex: 'none', width: 46, textAlign: 'right', fontVariantNumeric: 'tabular-nums' }),
})
