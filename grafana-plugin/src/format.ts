/** Numbers and times as people read them. */
import { dateTimeFormat, dateTimeFormatTimeAgo } from '@grafana/data'
import { t } from './i18n.ts'

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
/** In columns the points stand below each other. */
const alwaysOneDigit = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const threeDigits = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 })

const none = '–'

/** 1234 → `1,234` */
export const formatCount = (count: number): string => whole.format(count)
/** 3.14159 → `3.14`, 12345 → `12,300` */
export const formatNumber = (value: number): string => threeDigits.format(value)
/** 12345 → `12.3K` */
export const formatCompact = (count: number): string => compact.format(count)
/** As `formatCompact`; where none were sent, `–` */
export const formatTokens = (tokens: number): string => (tokens === 0 ? none : formatCompact(tokens))
/** 0.123 → `12.3%`, 0.5 → `50.0%`; exactly nothing or everything → `0%`, `100%`; less than a thousandth → `<0.1%` */
export function formatShare(share: number): string {
  if (share === 0 || share === 1) {
    return `${share * 100}%`
  }
  return share > 0 && share < 0.001 ? '<0.1%' : `${alwaysOneDigit.format(share * 100)}%`
}
/** 0.021 → `+2.1 pp`, the difference of two shares in percentage points */
export const formatPoints = (difference: number): string =>
  `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${alwaysOneDigit.format(Math.abs(difference) * 100)} pp`
/** 1.52 → `1.5×`; what would be written as nothing and is not → `<0.1×` */
export const formatTimes = (factor: number): string => (factor > 0 && factor < 0.05 ? '<0.1×' : `${alwaysOneDigit.format(factor)}×`)
/** US dollars, as models are billed; where no cost was sent, `–` */
export function formatCost(cost: number): string {
  if (cost === 0) {
    return none
  }
  return cost < 0.01 ? `$${cost.toPrecision(2)}` : `$${cost.toFixed(2)}`
}

/** 95 → `1m 35s`; 0.4 → `0.4 s` */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) {
    return `${oneDigit.format(seconds)} s`
  }
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) {
    return t('format.minutes', '{{minutes}} min', { minutes })
  }
  const hours = Math.floor(minutes / 60)
  return hours < 48
    ? t('format.hours', '{{hours}} h {{minutes}} min', { hours, minutes: minutes % 60 })
    : t('format.days', '{{days}} days', { days: Math.round(hours / 24) })
}

export const formatTime = (time: string): string => dateTimeFormat(time)
export const formatClock = (time: string): string => dateTimeFormat(time, { format: 'HH:mm:ss' })
/** `3 hours ago` */
export const formatAgo = (time: string): string => dateTimeFormatTimeAgo(time)
export const secondsBetween = (start: string, end: string): number => (Date.parse(end) - Date.parse(start)) / 1000
