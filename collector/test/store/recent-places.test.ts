import { describe, expect, it } from 'vitest'
import { EventKey } from '../../src/store/event-key.ts'
import { RecentPlaces } from '../../src/store/recent-places.ts'

const key = (i: number): EventKey => EventKey.of('p', `event ${i}`, 'prompt')

describe('where keys were met lately', () => {
  it('is known of the newest keys, at least as many as its capacity', () => {
    const places = new RecentPlaces(100)

    for (let i = 0; i < 1000; i++) places.set(key(i), i)

    const kept = Array.from({ length: 1000 }, (_, i) => places.get(key(i))).filter((place) => place !== undefined)
    expect(kept.slice(-100)).toEqual(Array.from({ length: 100 }, (_, i) => 900 + i))
    expect(kept.length).toBeLessThanOrEqual(200)
  })

  it('is the last place, also beyond 32 bits', () => {
    const places = new RecentPlaces(10)

    places.set(key(1), 0)
    places.set(key(2), 2 ** 40 + 7)
    places.set(key(1), 2 ** 32 - 1)

    expect([key(1), key(2), key(3)].map((each) => places.get(each))).toEqual([2 ** 32 - 1, 2 ** 40 + 7, undefined])
  })

  it('differs by project, id and dimension, and by where one ends and the next begins', () => {
    const keys = [
      ['p', 'ab', 'c'],
      ['p', 'a', 'bc'],
      ['pa', 'b', 'c'],
      ['p', 'abc', ''],
      ['', 'pab', 'c'],
    ].map(([project, id, dimension]) => EventKey.of(project!, id!, dimension!))

    expect(new Set(keys.map(({ high, low }) => `${high} ${low}`)).size).toBe(keys.length)
    expect(new Set(keys.map(({ low }) => low)).size).toBe(keys.length)
  })
})
