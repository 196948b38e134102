/** The journeys' flow as a drawing: bands between steps, a fading end where sessions stop. */
import { useId, useMemo } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2, useTheme2 } from '@grafana/ui'
import { t } from '../../i18n.ts'
import type { TopicName } from '../../state/directory.tsx'
import { Band } from './band.tsx'
import { readFlow, touching, type Flow } from './flow.ts'
import { layOutFlow } from './layout.ts'
import { Node } from './node.tsx'
import { usePointed } from './use-pointed.ts'
import { toViews, type SankeyLinks } from './views.ts'

interface SankeyProps {
  readonly flow: Flow
  readonly width: number
  readonly height: number
  readonly nameOf: (id: string | null) => TopicName
  /** Where a click leads. */
  readonly links: SankeyLinks
}

const headerHeight = 26
/** Room to the right of the last column for its labels. */
const labelWidth = 170

/** Words, places and light are worked out apart: a new size asks for no words, pointing for nothing but light. */
export function Sankey({ flow, width, height, nameOf, links }: SankeyProps) {
  const styles = useStyles2(getStyles)
  const theme = useTheme2()
  const gradient = useId()
  const [ref, pointed] = usePointed()
  const parts = useMemo(() => readFlow(flow), [flow])
  const { stepNames, bands, nodes } = useMemo(() => toViews(parts, nameOf, links), [parts, nameOf, links])
  const places = useMemo(() => layOutFlow(parts, { width: width - labelWidth, height: height - headerHeight }), [parts, width, height])
  const lit = useMemo(() => (pointed === undefined ? undefined : touching(parts, pointed)), [parts, pointed])
  const edges = [...places.columns.map(({ x }) => x), width]
  const exitFill = `url(#${CSS.escape(gradient)})`
  const isLit = (key: string) => lit === undefined || lit.has(key)

  return (
    <svg
      ref={ref}
      width={width}
      height={height}
      className={styles.chart}
      role="group"
      aria-label={t('sankey.label', 'Flow of sessions from step to step')}
    >
      <defs>
        <linearGradient id={gradient}>
          <stop offset="0" stopColor={theme.colors.error.main} stopOpacity={0.75} />
          <stop offset="1" stopColor={theme.colors.error.main} stopOpacity={0} />
        </linearGradient>
      </defs>
      {places.columns.map(({ step, x }) => (
        <text key={step} x={x} y={12} className={styles.step}>
          {stepNames.get(step)}
        </text>
      ))}
      <g transform={`translate(0 ${headerHeight})`}>
        <g className={styles.bands}>
          {bands.map((view) => {
            const place = places.bands.get(view.key)
            return place && <Band key={view.key} view={view} place={place} isLit={isLit(view.key)} />
          })}
        </g>
        <g className={styles.nodes}>
          {nodes.map((view) => {
            const place = places.nodes.get(view.key)
            if (place === undefined) {
              return undefined
            }
            const room = (edges.find((x) => x > place.x) ?? width) - place.x
            return <Node key={view.key} view={view} place={place} room={room} exitFill={exitFill} isLit={isLit(view.key)} />
          })}
        </g>
      </g>
    </svg>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  chart: css({ display: 'block', overflow: 'visible' }),
  step: css({ fill: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  // Nothing here fades: two hundred transitions at once cost the browser up to 100 ms a frame.
  bands: css({ fill: 'none', 'path:hover': { strokeOpacity: 0.65 } }),
  nodes: css({
    'a[tabindex] rect:hover': { opacity: 0.8 },
    'a:focus-visible rect': { stroke: theme.colors.text.primary, strokeWidth: 2 },
    text: {
      fill: theme.colors.text.primary,
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      paintOrder: 'stroke',
      stroke: theme.colors.background.primary,
      strokeWidth: 3,
      strokeLinejoin: 'round',
    },
    'text[data-minor]': { fill: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
  }),
})
