/** Messages over time as bars, with an axis. */
import { css } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data'
import { useStyles2, useTheme2 } from '@grafana/ui'
import { formatCount } from '../format.ts'
import { useWidth } from './use-width.ts'

interface BarTrendProps {
  /** Events per bucket, oldest first. */
  readonly values: readonly number[]
  /** Start of each bucket, RFC 3339; as many as `values`. */
  readonly times: readonly string[]
  readonly color: string
  readonly label: string
}

const height = 180
const axisHeight = 20
const axisWidth = 40
const labelWidth = 64 // px, from one label to the next

export function BarTrend({ values, times, color, label }: BarTrendProps) {
  const styles = useStyles2(getStyles)
  const theme = useTheme2()
  const [ref, width] = useWidth()
  const max = niceMax(Math.max(...values, 1))
  const step = (width - axisWidth) / Math.max(values.length, 1)
  const y = (value: number) => 6 + (1 - value / max) * (height - axisHeight - 6)
  const marks = markTimes(times, Math.ceil(labelWidth / Math.max(step, 1)))
  return (
    <div ref={ref}>
      <svg width={width} height={height} role="img" aria-label={label} className={styles.chart}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line x1={axisWidth} x2={width} y1={y(max * part)} y2={y(max * part)} stroke={theme.colors.border.weak} />
            <text x={axisWidth - 8} y={y(max * part) + 4} textAnchor="end">
              {formatCount(max * part)}
            </text>
          </g>
        ))}
        {values.map((value, index) => (
          <rect
            key={times[index] ?? index}
            x={axisWidth + index * step + 1}
            y={y(value)}
            width={Math.max(1, step - 2)}
            height={y(0) - y(value)}
            fill={color}
            rx={1}
          >
            <title>{`${dateTimeFormat(times[index] ?? '')}: ${formatCount(value)}`}</title>
          </rect>
        ))}
        {marks.map(({ index, words }) => (
          <text key={index} x={axisWidth + index * step} y={height - 4}>
            {words}
          </text>
        ))}
      </svg>
    </div>
  )
}

/**
 * Which bars are named: the first of a day, or every few where there are less than three days.
 * @param apart least number of bars from one name to the next, and to the end
 */
export function markTimes(times: readonly string[], apart: number): { index: number; words: string }[] {
  const days = times.map((time) => dateTimeFormat(time, { format: 'MMM D' }))
  const hasDays = new Set(days).size > 2
  const marks: { index: number; words: string }[] = []
  for (const [index, time] of times.entries()) {
    const isFar = index - (marks.at(-1)?.index ?? -apart) >= apart && index + apart <= times.length
    if (isFar && (!hasDays || (index > 0 && days[index] !== days[index - 1]))) {
      marks.push({ index, words: hasDays ? (days[index] ?? '') : dateTimeFormat(time, { format: 'HH:mm' }) })
    }
  }
  return marks
}

/** The next even number of the form 2, 4, 10 × 10ⁿ: its half is whole, too. */
export function niceMax(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= value) ?? 10
  return Math.max(2, step * power)
}

const getStyles = (theme: GrafanaTheme2) => ({
  chart: css({ display: 'block', text: { fill: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize } }),
})
