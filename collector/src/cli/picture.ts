/** Tables, bars and trend lines for a terminal. */
import Table from 'cli-table3'
import { pc } from './colors.ts'

export interface Column {
  readonly head: string
  readonly align?: 'left' | 'right'
}

const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

const widthOfPipe = 120 // characters a line, where nobody says how wide the terminal is

/** Characters that fit on a line. */
export function terminalWidth(): number {
  return process.stdout.columns ?? (Number(process.env['COLUMNS']) || widthOfPipe)
}

/** Words side by side, on as many lines as the terminal needs. @param widths of the parts, which may hold colours */
export function wrap(parts: readonly { readonly text: string; readonly width: number }[], indent: number): string {
  const lines: string[] = []
  let used = Infinity
  for (const { text, width } of parts) {
    const isFirst = used + separator.length + width > terminalWidth()
    if (isFirst) lines.push(' '.repeat(indent) + text)
    else lines.push(`${lines.pop() ?? ''}${pc.dim(separator)}${text}`)
    used = isFirst ? indent + width : used + separator.length + width
  }
  return lines.map((line) => `${line}\n`).join('')
}

const separator = ' · '

/** Aligned columns without frames. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const grid = new Table({
    head: columns.map(({ head }) => pc.dim(head)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  grid.push(...rows.map((row) => [...row]))
  return grid.toString().replace(/[ ]+$/gm, '') + '\n'
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█']

/** A share as a bar. @param share 0…1 @param width in characters, at share 1 */
export function bar(share: number, width = 12): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  const text = '█'.repeat(filled >> 3) + eighths[filled & 7]!
  return pc.cyan(text) + ' '.repeat(width - Math.ceil(filled / 8))
}

const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Counts over time as a line of at most `width` characters. */
export function sparkline(counts: readonly number[], width = 20): string {
  const bucket = Math.max(1, Math.ceil(counts.length / width))
  const sums = Array.from({ length: Math.ceil(counts.length / bucket) }, (_, i) =>
    counts.slice(i * bucket, (i + 1) * bucket).reduce((sum, value) => sum + value, 0),
  )
  const highest = Math.max(...sums, 1)
  return pc.blue(sums.map((value) => (value === 0 ? ' ' : heights[Math.min(7, Math.floor((value / highest) * 7.99))]!)).join(''))
}

export function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 || value === 0 ? value.toFixed(0) : value.toFixed(1)} %`
}

export function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 })
}

/** Text of users and labels on one line, without control characters: a terminal obeys them. */
export function plain(text: string, width = 60): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

export function heading(text: string): string {
  return `\n${pc.bold(text)}\n`
}

/** How long ago or how long, such as `3 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} d`
}
