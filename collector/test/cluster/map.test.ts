import { describe, expect, it } from 'vitest'
import { graphOfPairs } from '../../src/cluster/graph.ts'
import { coldLayout, layOutGraph } from '../../src/cluster/layout.ts'
import { layOutMap, type MapPlaces, type MapSource, unmappedShare } from '../../src/cluster/map.ts'
import { principalPlane } from '../../src/cluster/principal-plane.ts'
import { makeTexts, smallClusterer, stream, type Texts } from './fixtures.ts'

function sourceOf(texts: Texts): MapSource {
  const clusterer = smallClusterer()
  stream(clusterer, texts)
  clusterer.consolidate()
  return clusterer.mapSource()
}

/** Share of the ten nearest on the map that are of the same group. */
function purity({ anchorIds, xs, ys }: MapPlaces, { ids, groups }: Texts): number {
  const groupOf = new Map([...ids].map((id, i) => [id, groups[i]!]))
  const own = [...anchorIds].map((id) => groupOf.get(id)!)
  const shares = own.map((group, i) => {
    const byDistance = own.map((_, j) => j).sort((a, b) => distance(a) - distance(b))
    function distance(j: number): number {
      return (xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2
    }
    return byDistance.slice(1, 11).filter((j) => own[j] === group).length / 10
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

function moves(before: MapPlaces, after: MapPlaces): number[] {
  const slots = new Map([...after.anchorIds].map((id, slot) => [id, slot]))
  return [...before.anchorIds].flatMap((id, i) => {
    const slot = slots.get(id)
    return slot === undefined ? [] : [Math.hypot(after.xs[slot]! - before.xs[i]!, after.ys[slot]! - before.ys[i]!)]
  })
}

const width = ({ xs }: MapPlaces): number => Math.max(...xs) - Math.min(...xs)

describe('the map', () => {
  const texts = makeTexts([0, 1, 2, 3, 4, 5], { perGroup: 40 })
  const source = sourceOf(texts)
  const map = layOutMap(source, undefined)

  it('puts like texts together', () => {
    expect(map.anchorIds).toEqual(source.anchorIds)
    expect(purity(map, texts)).toBeGreaterThan(0.97)
  })

  it('is the same, byte by byte, of the same texts', () => {
    expect(layOutMap(sourceOf(texts), undefined)).toEqual(map)
  })

  it('stays put when texts come, and puts them with their like', () => {
    const more = makeTexts([0, 1, 2, 3, 4, 5], { perGroup: 40, seed: 2 })
    const clusterer = smallClusterer()
    stream(clusterer, texts)
    stream(clusterer, more)
    clusterer.consolidate()

    const after = layOutMap(clusterer.mapSource(), map)

    const moved = moves(map, after).sort((a, b) => a - b)
    expect(moved[moved.length >> 1]).toBeLessThan(0.1 * width(map))
    const both = { ...texts, ids: BigUint64Array.from([...texts.ids, ...more.ids]), groups: [...texts.groups, ...more.groups] }
    expect(purity(after, both)).toBeGreaterThan(0.95)
  })

  it('has a place for texts that nothing on the map leads to', () => {
    const others = makeTexts([6, 7], { perGroup: 40, seed: 3 })
    const before = layOutMap(sourceOf(others), undefined)
    const clusterer = smallClusterer()
    stream(clusterer, makeTexts([6, 7], { perGroup: 40, seed: 3 }))
    stream(clusterer, makeTexts([8], { perGroup: 30, seed: 4 }))
    clusterer.consolidate()

    const after = layOutMap(clusterer.mapSource(), before)

    expect(after.xs.every(Number.isFinite) && after.ys.every(Number.isFinite)).toBe(true)
  })

  it('begins with the places of the last map in another vector space', () => {
    const after = layOutMap(source, map, true)

    const moved = moves(map, after).sort((a, b) => a - b)
    expect(moved[moved.length >> 1]).toBeLessThan(0.4 * width(map))
    expect(purity(after, texts)).toBeGreaterThan(0.97)
  })

  it('knows how many landmarks it lacks', () => {
    const none = BigUint64Array.from([1n << 60n])

    expect(unmappedShare(source.anchorIds, map)).toBe(0)
    expect(unmappedShare(none, map)).toBe(1)
  })
})

describe('a layout', () => {
  it('pulls neighbours together and keeps strangers apart', () => {
    const graph = graphOfPairs(6, [0, 1, 1, 2, 0, 2, 3, 4, 4, 5, 3, 5])
    const start = Float64Array.from({ length: 12 }, (_, i) => i % 5)

    const at = layOutGraph(graph, start, coldLayout)

    const distance = (i: number, j: number): number => Math.hypot(at[2 * i]! - at[2 * j]!, at[2 * i + 1]! - at[2 * j + 1]!)
    expect(Math.max(distance(0, 1), distance(1, 2), distance(3, 4))).toBeLessThan(Math.min(distance(0, 3), distance(1, 4), distance(2, 5)))
    expect(start).toEqual(Float64Array.from({ length: 12 }, (_, i) => i % 5))
  })

  it('pushes nodes that begin on one spot apart', () => {
    const at = layOutGraph(graphOfPairs(3, [0, 1]), new Float64Array([0, 0, 0, 0, 1e-9, 0]), coldLayout)

    expect(at.every(Number.isFinite)).toBe(true)
    expect(at[0]).not.toBe(at[4])
  })
})

describe('the principal plane', () => {
  it('shows the directions in which vectors differ most', () => {
    const rows = Int16Array.from([100, 0, 1, -100, 0, -1, 0, 50, 1, 0, -50, -1])

    const places = principalPlane(rows, 4, 3, 1)

    expect(Math.abs(places[0]!)).toBeCloseTo(Math.SQRT2, 2)
    expect(Math.abs(places[5]!)).toBeCloseTo(Math.SQRT2 / 2, 2)
    expect(Math.abs(places[1]!)).toBeLessThan(0.05)
  })

  it('is a point where nothing differs', () => {
    expect([...principalPlane(new Int16Array(6), 2, 3, 1)]).toEqual([0, 0, 0, 0])
  })
})
