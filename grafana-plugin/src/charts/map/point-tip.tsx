/** What lies under the pointer on the map: the topic, and what somebody said. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import type { MapPoint } from './dots.ts'
import type { Place, Size } from './view.ts'

interface PointTipProps {
  readonly point: MapPoint
  readonly topic: { readonly label: string; readonly color: string }
  readonly at: Place
  /** Of the map: the box stays inside. */
  readonly size: Size
}

const offset = 14 // px from the pointer
const width = 300

export function PointTip({ point, topic, at, size }: PointTipProps) {
  const styles = useStyles2(getStyles)
  const isLow = at.y > size.height / 2
  const left = Math.min(at.x + offset, size.width - width - offset)
  return (
    <div className={styles.tip} style={{ left, ...(isLow ? { bottom: size.height - at.y + offset } : { top: at.y + offset }) }}>
      <div className={styles.topic}>
        <span className={styles.dot} style={{ background: topic.color }} />
        <span dir="auto">{topic.label}</span>
      </div>
      {point.example !== undefined && (
        <div className={styles.example} dir="auto">
          {point.example}
        </div>
      )}
      <div className={styles.note}>
        {point.messages === 1
          ? t('map.one-message', 'One message')
          : t('map.messages-like', '{{count}} messages like this', { count: formatCount(point.messages) })}
      </div>
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  tip: css({
    position: 'absolute',
    zIndex: 1,
    width,
    padding: theme.spacing(1, 1.5),
    pointerEvents: 'none',
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.elevated,
    border: `1px solid ${theme.colors.border.weak}`,
    boxShadow: theme.shadows.z2,
  }),
  topic: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), fontWeight: theme.typography.fontWeightMedium }),
  dot: css({ flex: 'none', width: 10, height: 10, borderRadius: theme.shape.radius.circle }),
  example: css({
    margin: theme.spacing(0.5, 0),
    overflowWrap: 'anywhere',
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 4,
    overflow: 'hidden',
  }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
})
