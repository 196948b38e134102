import { describe, expect, it } from 'vitest'
import { RecentMap } from '../../src/store/recent-map.ts'

describe('what was set lately', () => {
  it('keeps the newest keys, at least as many as its capacity', () => {
    const map = new RecentMap<number>(100)

    for (let i = 0; i < 1000; i++) map.set(`key ${i}`, i)

    const kept = Array.from({ length: 1000 }, (_, i) => map.get(`key ${i}`)).filter((value) => value !== undefined)
    expect(kept.slice(-100)).toEqual(Array.from({ length: 100 }, (_, i) => 900 + i))
    expect(kept.length).toBeLessThanOrEqual(200)
  })

  it('answers with the newest value of a key', () => {
    const map = new RecentMap<string>(2)

    map.set('a', 'old')
    map.set('b', 'x')
    map.set('a', 'new')

    expect([map.get('a'), map.get('c')]).toEqual(['new', undefined])
  })
})
