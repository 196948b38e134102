import { describe, expect, it } from 'vitest'
import { neighborGraph } from '../../src/cluster/graph.ts'
import { defaultClustererOptions } from '../../src/cluster/options.ts'
import { selectResolution } from '../../src/cluster/resolution.ts'
import { loadState } from '../../src/cluster/snapshot.ts'
import { makeTexts, smallClusterer, stream } from './fixtures.ts'

const groups = [...Array(20).keys()]

describe('the search for a resolution', () => {
  it('finds from any last result what it finds among all', () => {
    const clusterer = smallClusterer()
    stream(clusterer, makeTexts(groups, { perGroup: 40 }))
    const { landmarks } = loadState(clusterer.snapshot(), defaultClustererOptions)
    const graph = neighborGraph(landmarks.lists, landmarks.count, 15, 0)
    const search = (last: number): number => selectResolution(landmarks, graph, { run: 1, last }, defaultClustererOptions).resolution

    const whole = search(0)

    for (const last of [1, 3, 10, 32, whole]) expect(search(last) / whole).toBeCloseTo(1, 1)
  })
})
