import { expect, it } from 'vitest'
import { createEventClock } from '../src/event-clock.ts'

it('orders events of the same millisecond by a nanosecond each', () => {
  const next = createEventClock(() => 1_700_000_000_123)

  expect(next()).toEqual([1_700_000_000, 123_000_000])
  expect(next()).toEqual([1_700_000_000, 123_000_001])
  expect(next()).toEqual([1_700_000_000, 123_000_002])
})

it('never steps back for a small correction of the clock, but follows one of seconds', () => {
  const readings = [10_000, 9_999, 4_000]
  const next = createEventClock(() => readings.shift()!)

  expect(next()).toEqual([10, 0])
  expect(next()).toEqual([10, 1])
  expect(next()).toEqual([4, 0])
})
