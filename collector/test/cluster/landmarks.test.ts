import { describe, expect, it } from 'vitest'
import { Landmarks } from '../../src/cluster/landmarks.ts'
import { listWidth } from '../../src/cluster/neighbor-lists.ts'
import { assignMessages } from '../../src/cluster/assign.ts'
import { consolidate } from '../../src/cluster/consolidate.ts'
import { neighborGraph } from '../../src/cluster/graph.ts'
import { defaultClustererOptions } from '../../src/cluster/options.ts'
import { createState } from '../../src/cluster/state.ts'
import { dimensions, makeTexts } from './fixtures.ts'

/** The dot products of a slot's nearest others, by comparing with all. */
function nearestDots({ count, kernel }: Landmarks, slot: number, size: number): number[] {
  const vector = (at: number): Int16Array => kernel.rows.subarray(at * kernel.stride, (at + 1) * kernel.stride)
  const own = vector(slot)
  return Array.from({ length: count }, (_, other) => vector(other).reduce((sum, value, i) => sum + value * own[i]!, 0))
    .filter((_, other) => other !== slot)
    .sort((a, b) => b - a)
    .slice(0, size)
}

function expectExactLists(landmarks: Landmarks): void {
  for (let slot = 0; slot < landmarks.count; slot += 1) {
    const known = landmarks.lists.counts[slot]!
    const dots = [...landmarks.lists.dots.subarray(slot * listWidth, slot * listWidth + known)]
    expect(dots).toEqual(nearestDots(landmarks, slot, known))
    expect(known).toBeGreaterThanOrEqual(Math.min(15, landmarks.count - 1))
  }
}

describe('neighbour lists', () => {
  const texts = makeTexts([0, 1, 2, 3, 4], { perGroup: 60 })

  it('hold the nearest landmarks after every text came one block at a time', () => {
    const state = createState(dimensions, defaultClustererOptions)

    assignMessages(state, texts.vectors, texts.ids)

    expect(state.landmarks.count).toBeGreaterThan(200)
    expectExactLists(state.landmarks)
  })

  it('hold the nearest landmarks after evictions', () => {
    const state = createState(dimensions, { ...defaultClustererOptions, landmarks: 100, slack: 20, uncentredDuplicateSimilarity: 1.1 })

    assignMessages(state, texts.vectors, texts.ids)

    expect(state.anchors.count).toBe(300)
    expect(state.landmarks.count).toBeLessThanOrEqual(120)
    expectExactLists(state.landmarks)
  })

  it('hold the nearest landmarks after the mean was taken out', () => {
    const state = createState(dimensions, defaultClustererOptions)
    assignMessages(state, texts.vectors, texts.ids)

    consolidate(state)

    expect(state.isCentred).toBe(true)
    expectExactLists(state.landmarks)
  })

  it('do not depend on how texts are cut into calls', () => {
    const whole = createState(dimensions, defaultClustererOptions)
    const single = createState(dimensions, defaultClustererOptions)

    assignMessages(whole, texts.vectors, texts.ids)
    for (let row = 0; row < texts.vectors.rows; row += 1) {
      const data = texts.vectors.data.subarray(row * dimensions, (row + 1) * dimensions)
      assignMessages(single, { data, rows: 1, cols: dimensions }, texts.ids.slice(row, row + 1))
    }

    const n = whole.landmarks.count
    expect(single.landmarks.count).toBe(n)
    expect(single.landmarks.lists.ids.subarray(0, n * listWidth)).toEqual(whole.landmarks.lists.ids.subarray(0, n * listWidth))
  })
})

describe('neighborGraph', () => {
  it('has an edge where either end is among the nearest of the other, once', () => {
    const state = createState(dimensions, defaultClustererOptions)
    const { vectors, ids } = makeTexts([0, 1], { perGroup: 30 })
    assignMessages(state, vectors, ids)
    const { lists, count } = state.landmarks
    const pairs = new Set<string>()
    for (let i = 0; i < count; i += 1) {
      for (const j of lists.ids.subarray(i * listWidth, i * listWidth + 4)) pairs.add(`${Math.min(i, j)} ${Math.max(i, j)}`)
    }

    const graph = neighborGraph(lists, count, 4, -Infinity)

    expect(graph.totalWeight).toBe(pairs.size)
    expect(graph.targets.length).toBe(2 * pairs.size)
  })

  it('has no edge between landmarks that have too little in common', () => {
    const state = createState(dimensions, defaultClustererOptions)
    const { vectors, ids } = makeTexts([0, 1], { perGroup: 30 })
    assignMessages(state, vectors, ids)
    const { lists, count } = state.landmarks
    const [best] = lists.dots

    expect(neighborGraph(lists, count, 4, best! - 1).totalWeight).toBeGreaterThan(0)
    expect(neighborGraph(lists, count, 4, Math.max(...lists.dots)).totalWeight).toBe(0)
  })
})
