/** A small line of events over time. SVG: a table of fifty stays smooth. */
import { useTheme2 } from '@grafana/ui'

interface TrendLineProps {
  /** Events per bucket, oldest first. */
  readonly values: readonly number[]
  readonly color: string
  readonly width?: number
  readonly height?: number
  /** What a screen reader says. */
  readonly label: string
}

export function TrendLine({ values, color, width = 110, height = 26, label }: TrendLineProps) {
  const theme = useTheme2()
  const max = Math.max(...values, 1)
  const x = (index: number) => (values.length < 2 ? width / 2 : (index / (values.length - 1)) * (width - 2) + 1)
  const y = (value: number) => height - 2 - (value / max) * (height - 4)
  const line = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return (
    <svg width={width} height={height} role="img" aria-label={label} style={{ display: 'block' }}>
      <line x1={0} x2={width} y1={height - 1.5} y2={height - 1.5} stroke={theme.colors.border.weak} />
      {values.length > 0 && (
        <>
          <polygon points={`${x(0)},${height - 2} ${line} ${x(values.length - 1)},${height - 2}`} fill={color} opacity={0.16} />
          <polyline points={line} fill="none" stroke={color} strokeWidth={1.5} strokeLinejoin="round" />
        </>
      )}
    </svg>
  )
}
