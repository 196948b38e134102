import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdMap } from '../../src/cluster/id-map.ts'
import { Flows } from '../../src/cluster/lineage.ts'
import { matchGroups, unmatched } from '../../src/cluster/match.ts'
import { TopicTable, topicId } from '../../src/cluster/topic-table.ts'

/** Every point has a mass of 1 and was there before. */
function match(groups: number[], topics: number[], held: number[] = []): number[] {
  return [
    ...matchGroups({
      groups: Int32Array.from(groups),
      groupCount: Math.max(...groups) + 1,
      topics: Int32Array.from(topics),
      topicCount: Math.max(...topics) + 1,
      mass: new Float64Array(groups.length).fill(1),
      isOld: new Uint8Array(groups.length).fill(1),
      held: new Set(held),
    }),
  ]
}

describe('matchGroups', () => {
  it('lets a topic live on in the group that has most of it', () => {
    expect(match([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 1])).toEqual([1, 0])
  })

  it('gives the id of a topic that was split to the larger part', () => {
    expect(match([0, 0, 0, 1, 1], [0, 0, 0, 0, 0])).toEqual([0, unmatched])
  })

  it('gives a group of two topics the id of the larger one', () => {
    expect(match([0, 0, 0, 0, 0], [1, 1, 0, 0, 0])).toEqual([0])
  })

  it('gives no id where too little is in common', () => {
    expect(match([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], [0, -1, -1, -1, 0, -1, -1, -1, 0, -1, -1, -1])).toEqual([
      unmatched,
      unmatched,
      unmatched,
    ])
  })

  it('gives several groups to one topic that a person holds together', () => {
    expect(match([0, 0, 0, 1, 1], [0, 0, 0, 0, 0], [0])).toEqual([0, 0])
  })

  it('does not count points that were not there before', () => {
    const isOld = Uint8Array.of(1, 1, 0, 0, 0)
    const mass = new Float64Array(5).fill(1)
    const groups = new Int32Array(5)
    const topics = Int32Array.of(0, 0, 1, 1, 1)

    expect([...matchGroups({ groups, groupCount: 1, topics, topicCount: 2, mass, isOld, held: new Set() })]).toEqual([0])
  })

  it('never gives one topic to two groups', () => {
    const labels = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: -1, max: 5 })), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(labels, (points) => {
        const named = match(
          points.map(([group]) => group),
          points.map(([, topic]) => topic),
        ).filter((topic) => topic !== unmatched)

        expect(new Set(named).size).toBe(named.length)
      }),
    )
  })
})

describe('Flows', () => {
  const ids = [10n, 11n, 12n, 13n]
  const steps = (flows: [number, number, number][]): unknown[] => {
    const all = new Flows(4)
    for (const [from, to, mass] of flows) all.add(from, to, mass)
    return all.steps((topic) => ids[topic]!)
  }

  it('tells what became of every topic', () => {
    expect(
      steps([
        [0, 0, 10],
        [0, 1, 6],
        [-1, 1, 2],
      ]),
    ).toEqual([
      { kind: 'continued', fromId: 10n, toId: 10n, mass: 10 },
      { kind: 'split', fromId: 10n, toId: 11n, mass: 6 },
    ])
    expect(
      steps([
        [0, 1, 6],
        [0, 2, 1],
        [1, 1, 3],
        [2, 2, 5],
      ]),
    ).toContainEqual({ kind: 'merge', fromId: 10n, toId: 11n, mass: 6 })
    expect(
      steps([
        [0, 1, 2],
        [0, 2, 2],
        [0, -1, 3],
        [1, 1, 3],
        [2, 2, 5],
      ]),
    ).toContainEqual({ kind: 'retired', fromId: 10n, toId: 11n, mass: 2 })
    expect(
      steps([
        [-1, 3, 7],
        [0, 3, 1],
        [0, 0, 9],
      ]),
    ).toContainEqual({ kind: 'born', fromId: 0n, toId: 13n, mass: 8 })
  })
})

describe('TopicTable', () => {
  it('gives two clusterers the same ids for the same beginnings', () => {
    expect(new TopicTable('topic').mint(5n, 3)).toBe(0)
    expect(topicId('topic', 5n, 3)).toBe(topicId('topic', 5n, 3))
    expect(new Set([topicId('topic', 5n, 3), topicId('theme', 5n, 3), topicId('topic', 6n, 3), topicId('topic', 5n, 4)]).size).toBe(4)
  })

  it('follows topics that ended to one that lives', () => {
    const table = new TopicTable('topic')
    for (const id of [1n, 2n, 3n]) table.add(id)
    table.successors[0] = 1
    table.successors[1] = 2

    expect([0, 1, 2, -1].map((topic) => table.living(topic))).toEqual([2, 2, 2, -1])
  })
})

describe('IdMap', () => {
  it('behaves like a Map', () => {
    const entry = fc.tuple(fc.nat(40), fc.nat(3), fc.nat(1000))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 200 }), (entries) => {
        const map = new IdMap()
        const expected = new Map<string, number>()
        for (const [low, high, value] of entries) {
          map.set(low, high, value)
          expected.set(`${low} ${high}`, value)
        }

        const found = new Map<string, number>()
        map.forEach((low, high, value) => found.set(`${low} ${high}`, value))
        expect(found).toEqual(expected)
        expect(map.size).toBe(expected.size)
        expect(map.get(99, 99)).toBe(-1)
      }),
    )
  })
})
