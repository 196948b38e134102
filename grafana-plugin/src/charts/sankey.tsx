/** The journeys' flow as a drawing: bands between steps, a fading end where sessions stop. */
import { useId, useMemo, useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Link, useStyles2, useTheme2 } from '@grafana/ui'
import { formatCount, formatShare } from '../format.ts'
import { t } from '../i18n.ts'
import type { TopicName } from '../state/directory.tsx'
import { layOutFlow, nodeWidth, type Flow, type FlowLink, type FlowNode } from './sankey-layout.ts'

export interface SankeyLinks {
  readonly node: (node: FlowNode) => string
  readonly link: (link: FlowLink) => string
  readonly exit: (node: FlowNode) => string
}

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
const labelWidth = 150
const exitLength = 26

export function Sankey({ flow, width, height, nameOf, links }: SankeyProps) {
  const styles = useStyles2(getStyles)
  const theme = useTheme2()
  const gradient = useId()
  const [hovered, setHovered] = useState<string>()
  const layout = useMemo(() => layOutFlow(flow, { width: width - labelWidth, height: height - headerHeight }), [flow, width, height])
  const around = flow.steps.some(({ step }) => step === 0)
  const total = Math.max(...flow.steps.map(({ nodes }) => nodes.reduce((sum, node) => sum + node.sessions, 0)), 1)
  const columnWidth = (layout.columns[1]?.x ?? width) - (layout.columns[0]?.x ?? 0)
  const isLit = (keys: readonly string[]) => hovered === undefined || keys.includes(hovered)

  return (
    <svg
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
      {layout.columns.map(({ step, x }) => (
        <text key={step} x={x} y={12} className={styles.step}>
          {stepName(step, around)}
        </text>
      ))}
      <g transform={`translate(0 ${headerHeight})`}>
        {layout.links.map((link) => (
          <Link key={link.key} href={links.link(link)} tabIndex={-1}>
            <path
              d={link.path}
              fill="none"
              stroke={nameOf(link.from.topicId).color}
              strokeWidth={link.width}
              strokeOpacity={isLit([link.key, link.from.key, link.to.key]) ? 0.38 : 0.08}
              className={styles.link}
              onMouseEnter={() => setHovered(link.key)}
              onMouseLeave={() => setHovered(undefined)}
            >
              <title>{`${nameOf(link.from.topicId).label} → ${nameOf(link.to.topicId).label}: ${sessionsOf(link.sessions, total)}`}</title>
            </path>
          </Link>
        ))}
        {layout.nodes.map((node) => {
          const { label, color } = nameOf(node.topicId)
          return (
            <g
              key={node.key}
              opacity={isLit([node.key, ...linked(layout.links, node.key)]) ? 1 : 0.35}
              onMouseEnter={() => setHovered(node.key)}
              onMouseLeave={() => setHovered(undefined)}
            >
              {node.exit.height >= 0.5 && (
                <Link href={links.exit(node)} tabIndex={-1}>
                  <rect
                    x={node.x + nodeWidth}
                    y={node.exit.y}
                    width={exitLength}
                    height={node.exit.height}
                    fill={`url(#${CSS.escape(gradient)})`}
                    className={styles.exit}
                  >
                    <title>{exitWords(node)}</title>
                  </rect>
                </Link>
              )}
              <Link href={links.node(node)} className={styles.node}>
                <rect x={node.x} y={node.y} width={nodeWidth} height={node.height} rx={2} fill={color}>
                  <title>{`${stepName(node.step, around)}: ${label}: ${sessionsOf(node.sessions, total)}`}</title>
                </rect>
                <NodeLabel node={node} label={label} width={columnWidth - nodeWidth - 14} />
              </Link>
            </g>
          )
        })}
      </g>
    </svg>
  )
}

interface NodeLabelProps {
  readonly node: FlowNode
  readonly label: string
  readonly width: number
}

const lineHeight = 14
const meanCharWidth = 6.3 // of 12 px Inter: labels are cut before they reach the next column

function NodeLabel({ node, label, width }: NodeLabelProps) {
  const styles = useStyles2(getStyles)
  const fits = Math.max(6, Math.floor(width / meanCharWidth))
  const x = node.x + nodeWidth + 6
  const middle = node.y + node.height / 2
  const two = node.height >= 2 * lineHeight
  return (
    <>
      <text x={x} y={middle + (two ? -2 : 4)} className={styles.label}>
        {label.length > fits
          ? `${Array.from(label)
              .slice(0, fits - 1)
              .join('')}…`
          : label}
      </text>
      {two && (
        <text x={x} y={middle + lineHeight - 2} className={styles.count}>
          {formatCount(node.sessions)}
        </text>
      )}
    </>
  )
}

/** The first number is that of the sessions which the link opens. */
function exitWords({ sessions, dropOffs, active }: FlowNode): string {
  const words = { count: formatCount(dropOffs), all: formatCount(sessions), active: formatCount(active) }
  if (dropOffs === 0) {
    return t('sankey.active', '{{active}} of {{all}} sessions are here and still active', words)
  }
  const share = formatShare(dropOffs / Math.max(sessions, 1))
  return active === 0
    ? t('sankey.ends', '{{count}} of {{all}} sessions end here ({{share}})', { ...words, share })
    : t('sankey.ends-active', '{{count}} of {{all}} sessions end here ({{share}}), {{active}} are still active', { ...words, share })
}

function linked(links: readonly FlowLink[], key: string): string[] {
  return links.filter(({ from, to }) => from.key === key || to.key === key).flatMap((link) => [link.key, link.from.key, link.to.key])
}

export function stepName(step: number, around: boolean): string {
  if (!around) {
    return step === 1 ? t('sankey.start', 'Start') : t('sankey.step', 'Step {{step}}', { step })
  }
  return step === 0
    ? t('sankey.topic', 'Topic')
    : step < 0
      ? t('sankey.before', '{{count}} before', { count: -step })
      : t('sankey.after', '{{count}} after', { count: step })
}

function sessionsOf(count: number, total: number): string {
  return t('sankey.sessions', '{{count}} sessions ({{share}})', { count: formatCount(count), share: formatShare(count / total) })
}

const getStyles = (theme: GrafanaTheme2) => ({
  chart: css({ display: 'block', overflow: 'visible' }),
  step: css({ fill: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  link: css({
    [theme.transitions.handleMotion('no-preference')]: { transition: 'stroke-opacity 120ms' },
    '&:hover': { strokeOpacity: 0.65 },
  }),
  exit: css({ '&:hover': { opacity: 0.8 } }),
  node: css({ '&:focus-visible rect': { stroke: theme.colors.text.primary, strokeWidth: 2 } }),
  label: css({
    fill: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    paintOrder: 'stroke',
    stroke: theme.colors.background.primary,
    strokeWidth: 3,
    strokeLinejoin: 'round',
  }),
  count: css({
    fill: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    paintOrder: 'stroke',
    stroke: theme.colors.background.primary,
    strokeWidth: 3,
  }),
})
