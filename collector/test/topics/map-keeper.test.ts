import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { MapKeeper, type MapDue } from '../../src/topics/map-keeper.ts'
import { readMap } from '../../src/topics/map-store.ts'
import { makeTexts, smallClusterer, stream, type Texts } from '../cluster/fixtures.ts'
import { type TestDatabase, openTestDatabase } from '../query/support.ts'

const texts = makeTexts([0, 1, 2], { perGroup: 40 })
const intervalMs = 500
const drawn = { timeout: 20_000, interval: 50 }

function dueOf(spaceId: string, ...all: Texts[]): MapDue {
  const clusterer = smallClusterer()
  for (const some of all) stream(clusterer, some)
  clusterer.consolidate()
  return { spaceId, source: clusterer.mapSource() }
}

describe('the keeper of a map', () => {
  let database: TestDatabase
  const aborter = new AbortController()
  beforeAll(async () => void (database = await openTestDatabase()))
  afterAll(async () => {
    aborter.abort()
    await database.close()
  })

  const keeper = (project: string, due: () => Promise<MapDue | undefined>, errors: unknown[] = [], signal = aborter.signal): MapKeeper =>
    new MapKeeper({ project, db: database.db, due, onError: (error) => errors.push(error), signal, intervalMs })

  it('draws the first map at once, and the next no sooner than allowed', async () => {
    let due = dueOf('a', texts)
    const map = keeper('first', async () => due)
    map.refresh()
    await vi.waitFor(async () => expect((await readMap(database.db, 'first'))?.places.anchorIds).toHaveLength(120), drawn)
    due = dueOf('a', texts, makeTexts([0, 1, 2], { perGroup: 10, seed: 2 }))
    map.refresh()
    map.refresh()
    await map.settled()
    const soon = await readMap(database.db, 'first')

    await vi.waitFor(async () => expect((await readMap(database.db, 'first'))?.places.anchorIds).toHaveLength(150), drawn)

    expect(soon?.places.anchorIds).toHaveLength(120)
    await map.settled()
  })

  it('goes on from the stored map after a restart, and leaves it as it is when nothing is new', async () => {
    const before = await readMap(database.db, 'first')
    const asked = vi.fn(async () => dueOf('a', texts))
    const map = keeper('first', asked)

    map.refresh()
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), drawn)
    await map.settled()

    expect(await readMap(database.db, 'first')).toEqual(before)
  })

  it('draws anew, from where things were, in another vector space', async () => {
    const before = (await readMap(database.db, 'first'))!
    const map = keeper('first', async () => dueOf('b', texts))

    map.refresh()
    await vi.waitFor(async () => expect((await readMap(database.db, 'first'))?.spaceId).toBe('b'), drawn)
    await map.settled()

    const after = (await readMap(database.db, 'first'))!
    expect(after.places.anchorIds).toHaveLength(120)
    expect(after.places.xs).not.toEqual(before.places.xs)
  })

  it('draws nothing before there are topics, or after the collector was told to stop', async () => {
    const stopped = new AbortController()
    const waits = keeper('none', async () => undefined)
    const stops = keeper('stopped', async () => dueOf('a', texts), [], stopped.signal)

    waits.refresh()
    stops.refresh()
    stopped.abort()
    await new Promise((done) => setTimeout(done, 50))
    await waits.settled()
    await stops.settled()

    expect(await readMap(database.db, 'none')).toBeUndefined()
    expect(await readMap(database.db, 'stopped')).toBeUndefined()
  })

  it('tells a failure and tries again when asked again', async () => {
    const errors: unknown[] = []
    let fails = true
    const map = keeper(
      'failing',
      async () => {
        if (fails) throw new Error('the database is away')
        return dueOf('a', texts)
      },
      errors,
    )

    map.refresh()
    await vi.waitFor(() => expect(errors).toHaveLength(1), drawn)
    fails = false
    map.refresh()
    await vi.waitFor(async () => expect(await readMap(database.db, 'failing')).toBeDefined(), drawn)

    await map.settled()
    expect(String(errors[0])).toContain('the database is away')
  })
})
