/** Reads the durations, sizes and addresses that people write in a configuration. */

const millisecondsPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

const bytesPerUnit: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/** A TCP address to listen on. */
export interface Endpoint {
  /** A host name or an IP address, without brackets. */
  readonly host: string
  /** 0…65535; 0 lets the system choose. */
  readonly port: number
}

/**
 * Reads a duration such as `200ms`, `1.5s` or `1h30m`: the grammar of Go's time.ParseDuration, without a sign.
 * @returns milliseconds, ≥ 0, or undefined if the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined

  let totalMs = 0
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g)) {
    totalMs += Number(amount) * (millisecondsPerUnit[unit!] ?? Number.NaN)
  }
  return Number.isFinite(totalMs) ? totalMs : undefined
}

/**
 * Reads a size such as `64MiB` (1024-based), `64MB` (1000-based) or `65536` (bytes).
 * @returns whole bytes, 0…2^53 − 1, or undefined if the text is no size
 */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]i?B|B)?$/.exec(text)
  if (!match) return undefined
  const bytes = Math.round(Number(match[1]) * (bytesPerUnit[match[2] ?? 'B'] ?? Number.NaN))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/**
 * Reads an address such as `127.0.0.1:4318`, `[::1]:4318` or, for all interfaces, `:4318`.
 * @returns undefined if the text is no address
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^\s:[\]/@]*)):(\d{1,5})$/.exec(text)
  if (!match) return undefined
  const port = Number(match[3])
  if (port > 65_535) return undefined
  return { host: (match[1] ?? match[2]) || '0.0.0.0', port }
}
