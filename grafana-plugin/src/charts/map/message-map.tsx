/** The map: messages as dots where like texts lie together, topics' names over them; dragged, zoomed, pointed at and clicked. */
import { useMemo, useState } from 'react'
import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { IconButton, useStyles2 } from '@grafana/ui'
import { t } from '../../i18n.ts'
import { useWidth } from '../use-width.ts'
import { DotCanvas } from './dot-canvas.tsx'
import { cloudRadius, toDots, type Dots, type MapPoint } from './dots.ts'
import { labelAt, placeLabels, type MapTopic } from './labels.ts'
import { PointTip } from './point-tip.tsx'
import { createRuler } from '../text-ruler.ts'
import { useGestures, zoomStep } from './use-gestures.ts'
import { useView } from './use-view.ts'
import { toPixel, type Place, type Size, type View } from './view.ts'

interface MessageMapProps {
  readonly points: readonly MapPoint[]
  /** Biggest first. */
  readonly topics: readonly MapTopic[]
  readonly topicOf: (id: string) => { readonly label: string; readonly color: string }
  /** Topics that stand out; undefined: none does. */
  readonly emphasis: ReadonlySet<string> | undefined
  readonly onOpen: (topicId: string) => void
}

const height = 680
const nameFont = '500 12px Inter, Helvetica, Arial, sans-serif'
const reach = 10 // px around a dot that still count as on it

export function MessageMap({ points, topics, topicOf, emphasis, onOpen }: MessageMapProps) {
  const styles = useStyles2(getStyles)
  const [widthRef, width] = useWidth()
  const size = useMemo(() => ({ width, height }), [width])
  const { view, whole, move, zoomBy, reset } = useView(points, size)
  const dots = useMemo(() => toDots(points, (size.width * size.height) / whole.scale ** 2), [points, size, whole])
  const [widthOf] = useState(() => createRuler(nameFont))
  const labels = useMemo(() => placeLabels(topics, view, size, widthOf), [topics, view, size, widthOf])
  const [hover, setHover] = useState<Place>()

  const pointAtPixel = (pixel: Place): MapPoint | undefined => pointAt(points, pixel, view, size, dots)
  const nameId = hover && labelAt(labels, hover)?.topic.id
  const point = hover && nameId === undefined ? pointAtPixel(hover) : undefined
  const shown = useMemo(() => emphasis ?? (nameId === undefined ? undefined : new Set([nameId])), [emphasis, nameId])
  const ref = useGestures({
    onDrag: move,
    onPoint: setHover,
    onClick: (at) => {
      const id = labelAt(labels, at)?.topic.id ?? pointAtPixel(at)?.topicId
      if (id !== undefined) {
        onOpen(id)
      }
    },
    onZoom: zoomBy,
    onReset: reset,
  })

  return (
    <div ref={widthRef} className={styles.frame}>
      <div
        ref={ref}
        className={cx(styles.map, (nameId ?? point) !== undefined && styles.pointed)}
        role="application"
        tabIndex={0}
        aria-label={t('map.label', 'Map of messages: arrow keys move it, plus and minus zoom, 0 shows all')}
      >
        <DotCanvas
          dots={dots}
          view={view}
          fitScale={whole.scale}
          size={size}
          colorOf={(id) => topicOf(id).color}
          emphasis={shown}
          label={t('map.picture', 'Dots for messages, coloured by topic; the list beside it says the same in words')}
        />
        <div className={styles.names} aria-hidden>
          {labels.map(({ topic, text, x, y }) => (
            <span
              key={topic.id}
              className={cx(styles.name, shown !== undefined && !shown.has(topic.id) && styles.faint)}
              style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -50%)` }}
              dir="auto"
            >
              {text}
            </span>
          ))}
        </div>
      </div>
      {hover && point && <PointTip point={point} topic={topicOf(point.topicId)} at={hover} size={size} />}
      <div className={styles.buttons}>
        <IconButton name="plus" tooltip={t('map.zoom-in', 'Zoom in')} onClick={() => zoomBy(zoomStep)} />
        <IconButton name="minus" tooltip={t('map.zoom-out', 'Zoom out')} onClick={() => zoomBy(1 / zoomStep)} />
        <IconButton name="home-alt" tooltip={t('map.reset', 'Show everything')} onClick={reset} />
      </div>
    </div>
  )
}

/** The nearest point whose dots are under a pixel, or nearly. Eight thousand distances take some microseconds: no index is needed. */
function pointAt(
  points: readonly MapPoint[],
  pixel: Place,
  view: View,
  size: Size,
  { spacing, messagesPerDot }: Dots,
): MapPoint | undefined {
  let best: MapPoint | undefined
  let bestDistance = reach
  for (const point of points) {
    const { x, y } = toPixel(point, view, size)
    const distance = Math.hypot(x - pixel.x, y - pixel.y) - cloudRadius((point.messages - 1) / messagesPerDot, spacing) * view.scale
    if (distance < bestDistance) {
      best = point
      bestDistance = distance
    }
  }
  return best
}

const getStyles = (theme: GrafanaTheme2) => {
  const halo = theme.colors.background.primary
  return {
    frame: css({ position: 'relative', height, minWidth: 0 }),
    map: css({
      position: 'relative',
      height: '100%',
      overflow: 'hidden',
      cursor: 'grab',
      touchAction: 'none',
      userSelect: 'none',
      borderRadius: theme.shape.radius.default,
      '&:active': { cursor: 'grabbing' },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    }),
    pointed: css({ cursor: 'pointer' }),
    names: css({ position: 'absolute', inset: 0, pointerEvents: 'none' }),
    name: css({
      position: 'absolute',
      left: 0,
      top: 0,
      font: nameFont,
      whiteSpace: 'nowrap',
      color: theme.colors.text.primary,
      textShadow: [`0 0 2px ${halo}`, `0 0 3px ${halo}`, `0 0 4px ${halo}`, `0 0 6px ${halo}`].join(','),
    }),
    faint: css({ opacity: 0.25 }),
    buttons: css({
      position: 'absolute',
      right: theme.spacing(1),
      bottom: theme.spacing(1),
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1),
      padding: theme.spacing(0.75),
      borderRadius: theme.shape.radius.default,
      background: theme.colors.background.elevated,
      border: `1px solid ${theme.colors.border.weak}`,
    }),
  }
}
