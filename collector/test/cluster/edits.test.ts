import { beforeEach, describe, expect, it } from 'vitest'
import type { Clusterer } from '../../src/cluster/clusterer.ts'
import type { Constraints } from '../../src/cluster/edits.ts'
import { majorityTopic, makeTexts, smallClusterer, stream, type Texts } from './fixtures.ts'

const groups = [0, 1, 2, 3, 4]
const texts = makeTexts(groups, { perGroup: 40 })

let clusterer: Clusterer
/** The topic of each group before any edit. */
let topics: bigint[]

beforeEach(() => {
  clusterer = smallClusterer({ landmarks: 250, slack: 50 })
  stream(clusterer, texts)
  clusterer.consolidate()
  topics = groups.map((group) => majorityTopic(clusterer, texts, group).topic)
})

function membersOf(group: number, from: Texts = texts): BigUint64Array {
  return from.ids.filter((_, i) => from.groups[i] === group)
}

function topicOf(id: bigint): bigint {
  return clusterer.assignmentOf(id)!.topic
}

function placements(ids: Iterable<bigint>): unknown[] {
  return Array.from(ids, (id) => clusterer.assignmentOf(id))
}

/** More messages of all groups, with runs and evictions. */
function goOn(seed: number): Texts {
  const more = makeTexts(groups, { perGroup: 80, seed })
  stream(clusterer, more)
  clusterer.consolidate()
  return more
}

describe('merge', () => {
  it('moves the merged topic at once and changes no third', () => {
    const third = [...membersOf(2), ...membersOf(3), ...membersOf(4)]
    const before = placements(third)

    const run = clusterer.applyEdits([{ kind: 'merge', into: topics[0]!, from: [topics[1]!] }])

    expect(new Set([...membersOf(0), ...membersOf(1)].map(topicOf))).toEqual(new Set([topics[0]]))
    expect(placements(third)).toEqual(before)
    expect(run.lineage).toContainEqual({ level: 'topic', kind: 'merge', fromId: topics[1], toId: topics[0], mass: 40 })
    expect([...run.changedAnchors.anchorIds].every((id) => membersOf(1).includes(id))).toBe(true)
    expect(run.topics.find(({ id }) => id === topics[0])).toMatchObject({ mass: 80 })
  })

  it('holds in later runs, for new arrivals and after evictions', () => {
    clusterer.applyEdits([{ kind: 'merge', into: topics[0]!, from: [topics[1]!] }])

    for (const seed of [2, 3, 4]) {
      const more = goOn(seed)
      expect([...membersOf(0), ...membersOf(1)].map(topicOf).every((topic) => topic === topics[0])).toBe(true)
      for (const group of [0, 1]) expect(majorityTopic(clusterer, more, group)).toEqual({ topic: topics[0], share: 1 })
      for (const group of [2, 3, 4]) expect(majorityTopic(clusterer, more, group).topic).toBe(topics[group])
    }
  })

  it('shows new arrivals in the topic that was merged into', () => {
    clusterer.applyEdits([{ kind: 'merge', into: topics[0]!, from: [topics[1]!] }])
    const more = makeTexts([1], { perGroup: 10, seed: 5 })

    const assigned = clusterer.add(more.vectors, more.ids)

    expect(new Set(assigned.topics)).toEqual(new Set([topics[0]]))
  })

  it('can be taken back, and can be chained', () => {
    const chain: Constraints = [
      { kind: 'merge', into: topics[0]!, from: [topics[1]!] },
      { kind: 'merge', into: topics[2]!, from: [topics[0]!] },
    ]

    clusterer.applyEdits(chain)
    expect(new Set([0, 1, 2].flatMap((group) => [...membersOf(group)].map(topicOf)))).toEqual(new Set([topics[2]]))
    clusterer.consolidate()
    clusterer.applyEdits([])

    expect(groups.map((group) => majorityTopic(clusterer, texts, group).topic)).toEqual(topics)
  })

  it('ends a circle of merges', () => {
    clusterer.applyEdits([
      { kind: 'merge', into: topics[0]!, from: [topics[1]!] },
      { kind: 'merge', into: topics[1]!, from: [topics[0]!] },
    ])

    expect(new Set([...membersOf(0), ...membersOf(1)].map(topicOf)).size).toBe(1)
  })
})

describe('split', () => {
  const split = (): Constraints[number] => ({ kind: 'split', from: topics[0]!, into: 77n, anchors: membersOf(0).slice(0, 20) })

  it('makes a topic of its own of the anchors, which holds', () => {
    const run = clusterer.applyEdits([split()])

    expect(run.lineage).toContainEqual({ level: 'topic', kind: 'split', fromId: topics[0], toId: 77n, mass: 20 })
    for (const seed of [2, 3]) {
      expect(new Set(membersOf(0).slice(0, 20).map(topicOf))).toEqual(new Set([77n]))
      expect(new Set(membersOf(0).slice(20).map(topicOf))).toEqual(new Set([topics[0]]))
      goOn(seed)
    }
  })

  it('draws new arrivals that are nearer to what was split off', () => {
    const joined = makeTexts([0, 1, 2], { perGroup: 40, seed: 9 })
    clusterer.applyEdits([{ kind: 'merge', into: topics[0]!, from: [topics[1]!] }])
    stream(clusterer, joined)
    clusterer.applyEdits([
      { kind: 'merge', into: topics[0]!, from: [topics[1]!] },
      { kind: 'split', from: topics[0]!, into: 77n, anchors: BigUint64Array.from([...membersOf(1), ...membersOf(1, joined)]) },
    ])

    const more = goOn(10)

    expect(majorityTopic(clusterer, more, 0).topic).toBe(topics[0])
    expect(majorityTopic(clusterer, more, 1)).toEqual({ topic: 77n, share: 1 })
  })

  it('can be taken back with all that came to it since', () => {
    clusterer.applyEdits([split()])
    const more = goOn(2)

    clusterer.applyEdits([])

    expect([...membersOf(0), ...membersOf(0, more)].filter((id) => topicOf(id) === 77n)).toEqual([])
  })
})

describe('move', () => {
  it('puts anchors where a person wants them, in every later run', () => {
    const moved = membersOf(0).slice(0, 3)
    clusterer.applyEdits([{ kind: 'move', to: topics[1]!, anchors: moved }])

    for (const seed of [2, 3]) {
      expect([...moved].map(topicOf)).toEqual([topics[1], topics[1], topics[1]])
      goOn(seed)
    }
    expect(majorityTopic(clusterer, texts, 0).topic).toBe(topics[0])
  })

  it('can be taken back', () => {
    const moved = membersOf(0).slice(0, 3)
    clusterer.applyEdits([{ kind: 'move', to: topics[1]!, anchors: moved }])

    clusterer.consolidate([])

    expect([...moved].map(topicOf)).toEqual([topics[0], topics[0], topics[0]])
  })

  it('lets the later of two edits hold', () => {
    const moved = membersOf(0).slice(0, 1)

    clusterer.applyEdits([
      { kind: 'move', to: topics[1]!, anchors: moved },
      { kind: 'move', to: topics[2]!, anchors: moved },
    ])

    expect(topicOf(moved[0]!)).toBe(topics[2])
  })
})

describe('pin', () => {
  it('keeps a topic and all its messages', () => {
    const before = [...membersOf(0)].filter((id) => topicOf(id) === topics[0])
    clusterer.applyEdits([{ kind: 'pin', topic: topics[0]! }])

    for (const seed of [2, 3, 4]) goOn(seed)

    expect(before.map(topicOf).every((topic) => topic === topics[0])).toBe(true)
  })
})

describe('edits', () => {
  it('that name an unknown topic change nothing and are reported', () => {
    const before = placements(texts.ids)

    const run = clusterer.applyEdits([
      { kind: 'pin', topic: topics[0]! },
      { kind: 'move', to: 12_345n, anchors: membersOf(0) },
      { kind: 'split', from: 12_345n, into: 1n, anchors: membersOf(0) },
    ])

    expect(run.ignoredEdits).toEqual([1, 2])
    expect(placements(texts.ids)).toEqual(before)
  })

  it('do not disturb what the machine finds elsewhere', () => {
    clusterer.applyEdits([
      { kind: 'pin', topic: topics[0]! },
      { kind: 'merge', into: topics[0]!, from: [topics[1]!] },
    ])
    const fresh = makeTexts([8], { perGroup: 40, seed: 6 })

    stream(clusterer, fresh)
    clusterer.consolidate()

    const { topic, share } = majorityTopic(clusterer, fresh, 8)
    expect(share).toBe(1)
    expect(topics).not.toContain(topic)
  })
})
