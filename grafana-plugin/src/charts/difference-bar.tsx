/** A difference with its confidence interval, around a middle line. */
import { useTheme2 } from '@grafana/ui'
import { formatPoints } from '../format.ts'
import { t } from '../i18n.ts'

interface DifferenceBarProps {
  /** −1…1 */
  readonly difference: number
  readonly low: number
  readonly high: number
  /** The difference at either end of the drawing. */
  readonly max: number
  readonly significant: boolean
}

const width = 220
const height = 18

export function DifferenceBar({ difference, low, high, max, significant }: DifferenceBarProps) {
  const theme = useTheme2()
  const x = (value: number) => width / 2 + (value / max) * (width / 2 - 4)
  const color = significant ? (difference > 0 ? theme.colors.primary.text : theme.colors.warning.text) : theme.colors.text.disabled
  const label = t('compare.bar', 'between {{low}} and {{high}}', { low: formatPoints(low), high: formatPoints(high) })
  return (
    <svg width={width} height={height} role="img" aria-label={label} style={{ display: 'block' }}>
      <title>{label}</title>
      <line x1={width / 2} x2={width / 2} y1={0} y2={height} stroke={theme.colors.border.medium} />
      <line x1={x(low)} x2={x(high)} y1={height / 2} y2={height / 2} stroke={color} strokeWidth={3} strokeLinecap="round" opacity={0.5} />
      <circle cx={x(difference)} cy={height / 2} r={4} fill={color} />
    </svg>
  )
}
