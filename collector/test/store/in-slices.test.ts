import { expect, it } from 'vitest'
import { inSlices } from '../../src/store/in-slices.ts'

const busyFor = (ms: number): void => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

it('gives what one loop would give, and lets others run in between', async () => {
  const items = Array.from({ length: 10 }, (_, i) => i)
  let turns = 0
  const timer = setInterval(() => turns++, 0)

  const results = await inSlices(items, 3, (slice, start) => {
    busyFor(8)
    return slice.map((item) => [start, item])
  })

  clearInterval(timer)
  expect(results).toEqual(items.map((item) => [item - (item % 3), item]))
  expect(turns).toBeGreaterThan(0)
})
