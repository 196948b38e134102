import { describe, expect, it } from 'vitest'
import { type Logger, createRepeatedWarning } from '../src/telemetry.ts'

describe('a repeated warning', () => {
  it('is said at once, then once a minute with how often it came', () => {
    const said: unknown[] = []
    const logger = { warn: (_message: string, fields: unknown) => said.push(fields) } as unknown as Logger
    let now = 0
    const warn = createRepeatedWarning(logger, 'reading failed', () => now)

    for (now = 0; now <= 120_000; now += 1000) warn(new Error('away'))

    expect(said).toEqual([1, 60, 60].map((times) => ({ times, error: 'Error: away' })))
  })
})
