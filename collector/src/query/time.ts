/** Times of the API: RFC 3339 or relative to now on the way in, RFC 3339 in UTC on the way out. */

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/**
 * @param text RFC 3339, or `now` and `now-<n><unit>` with unit s, m, h, d, w, M (month) or y, as in Grafana
 * @returns unix milliseconds
 */
export function toUnixMs(text: string, now: Date): number {
  const relative = /^now(?:-(\d+)([smhdwMy]))?$/.exec(text)
  if (relative === null) return Date.parse(text)
  const amount = Number(relative[1] ?? 0)
  const unit = relative[2] ?? 's'
  if (unit === 'M' || unit === 'y') {
    const date = new Date(now)
    date.setUTCMonth(date.getUTCMonth() - amount * (unit === 'y' ? 12 : 1))
    return date.getTime()
  }
  return now.getTime() - amount * unitMs[unit as keyof typeof unitMs]
}

/** @param unixMs may come as text, as ClickHouse's 64-bit integers may */
export function toTime(unixMs: number): string {
  return new Date(unixMs).toISOString()
}
