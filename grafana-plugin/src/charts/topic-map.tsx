/** Circles within circles: themes hold topics, topics hold subtopics, and these their messages as dots. */
import { useMemo } from 'react'
import { css } from '@emotion/css'
import { hierarchy, pack } from 'd3-hierarchy'
import { colorManipulator, type GrafanaTheme2 } from '@grafana/data'
import { Link, useStyles2, useTheme2 } from '@grafana/ui'
import type { Level } from '../api/types.ts'
import { formatCount } from '../format.ts'
import { t } from '../i18n.ts'
import { MessageDots } from './message-dots.tsx'
import { useWidth } from './use-width.ts'

export interface MapTopic {
  readonly id: string
  readonly parentId: string | undefined
  readonly label: string
  readonly events: number
  readonly level: Level
  readonly color: string
  readonly href: string
}

export interface Circle {
  readonly topic: MapTopic
  readonly x: number
  readonly y: number
  readonly radius: number
}

const height = 720
const fillAlpha = 0.07 // circles lie over the dots, so that they can be pointed at
const lineHeight = 15

export function TopicMap({ topics }: { readonly topics: readonly MapTopic[] }) {
  const styles = useStyles2(getStyles)
  const theme = useTheme2()
  const [ref, width] = useWidth()
  const circles = useMemo(() => layOutCircles(topics, width, height), [topics, width])
  const innermost = useMemo(() => {
    const parents = new Set(topics.map(({ parentId }) => parentId))
    return circles.filter(({ topic }) => !parents.has(topic.id))
  }, [circles, topics])
  return (
    <div ref={ref} className={styles.map}>
      <MessageDots circles={innermost} width={width} height={height} />
      <svg width={width} height={height} className={styles.circles} role="group" aria-label={t('map.label', 'Topics as circles')}>
        {circles.map(({ topic, x, y, radius }) => {
          const isTheme = topic.level === 'theme'
          const title = `${topic.label}: ${t('lineage.mass', '{{count}} messages', { count: formatCount(topic.events) })}`
          return (
            <Link
              key={topic.id}
              href={topic.href}
              className={styles.link}
              aria-label={title}
              {...(topic.level === 'subtopic' && { tabIndex: -1 })}
            >
              <circle
                cx={x}
                cy={y}
                r={radius}
                fill={colorManipulator.alpha(isTheme ? theme.colors.text.secondary : topic.color, fillAlpha)}
                stroke={isTheme ? theme.colors.border.medium : topic.color}
                strokeWidth={topic.level === 'topic' ? 1.5 : 0.5}
              >
                <title>{title}</title>
              </circle>
            </Link>
          )
        })}
        {circles
          .filter(({ topic }) => topic.level === 'topic')
          .map(({ topic, x, y, radius }) => (
            <CircleLabel key={topic.id} label={topic.label} x={x} y={y} radius={radius} />
          ))}
      </svg>
    </div>
  )
}

const meanCharWidth = 6.6 // of 12 px Inter

/** Up to three lines that fit into the circle; nothing where not even a short word fits. */
function CircleLabel({ label, x, y, radius }: { readonly label: string; readonly x: number; readonly y: number; readonly radius: number }) {
  const styles = useStyles2(getStyles)
  const lines = wrap(label, Math.floor((radius * 1.8) / meanCharWidth)).slice(0, 3)
  return radius < 22 ? null : (
    <text className={styles.label} textAnchor="middle">
      {lines.map((line, index) => (
        <tspan key={line} x={x} y={y + 4 + (index - (lines.length - 1) / 2) * lineHeight}>
          {line}
        </tspan>
      ))}
    </text>
  )
}

export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) {
      lines[lines.length - 1] = `${last} ${word}`
    } else {
      lines.push(word.length > width ? `${word.slice(0, Math.max(1, width - 1))}…` : word)
    }
  }
  return lines
}

/** Outer circles first, so that inner ones are drawn over them. A parent is at least as large as its parts together. */
export function layOutCircles(topics: readonly MapTopic[], width: number, height: number): Circle[] {
  if (width === 0) {
    return []
  }
  const children = new Map<string | undefined, MapTopic[]>()
  for (const topic of topics) {
    children.set(topic.parentId, [...(children.get(topic.parentId) ?? []), topic])
  }
  const root = hierarchy<{ id?: string; topic?: MapTopic }>({}, ({ id }) => children.get(id)?.map((topic) => ({ id: topic.id, topic })))
    .sum(({ id, topic }) => (topic && !children.has(id) ? topic.events : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const packed = pack<{ id?: string; topic?: MapTopic }>()
    .size([width, height])
    .padding((node) => (node.depth === 0 ? 14 : node.depth === 1 ? 5 : 1))(root)
  return packed.descendants().flatMap(({ data: { topic }, x, y, r }) => (topic ? [{ topic, x, y, radius: r }] : []))
}

const getStyles = (theme: GrafanaTheme2) => ({
  map: css({ position: 'relative' }),
  circles: css({ position: 'relative', display: 'block' }),
  link: css({ '&:hover circle, &:focus-visible circle': { stroke: theme.colors.text.primary, strokeWidth: 2 } }),
  label: css({
    pointerEvents: 'none',
    fill: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    paintOrder: 'stroke',
    stroke: theme.colors.background.primary,
    strokeWidth: 3,
    strokeLinejoin: 'round',
  }),
})
