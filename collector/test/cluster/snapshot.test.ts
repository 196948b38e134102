import { describe, expect, it } from 'vitest'
import { restoreClusterer } from '../../src/cluster/clusterer.ts'
import { pack, unpack } from '../../src/cluster/pack.ts'
import { majorityTopic, makeTexts, smallClusterer, stream } from './fixtures.ts'

const options = { landmarks: 150, slack: 30, now: () => 0 }

describe('snapshot', () => {
  it('brings back a clusterer that goes on in the same way', () => {
    const original = smallClusterer(options)
    const texts = makeTexts([0, 1, 2, 3], { perGroup: 80 })
    stream(original, texts)
    const topics = [0, 1, 2].map((group) => majorityTopic(original, texts, group).topic)
    original.applyEdits([
      { kind: 'merge', into: topics[0]!, from: [topics[1]!] },
      { kind: 'split', from: topics[2]!, into: 77n, anchors: texts.ids.slice(0, 10) },
      { kind: 'move', to: topics[2]!, anchors: texts.ids.slice(20, 22) },
      { kind: 'pin', topic: topics[2]! },
    ])

    const restored = restoreClusterer(original.snapshot(), options)

    const more = makeTexts([0, 1, 2, 3, 4], { perGroup: 80, seed: 2 })
    for (let first = 0; first < 400; first += 100) {
      const rows = { data: more.vectors.data.subarray(first * 32, (first + 100) * 32), rows: 100, cols: 32 }
      const ids = more.ids.slice(first, first + 100)
      expect(restored.add(rows, ids)).toEqual(original.add(rows, ids))
      expect(restored.dueAt).toBe(original.dueAt)
      expect(restored.consolidate()).toEqual(original.consolidate())
    }
  })

  it('knows the texts that had joined another text', () => {
    const original = smallClusterer(options)
    const texts = makeTexts([0, 1], { perGroup: 40, noise: 0.1 })
    const anchors = stream(original, texts)
    expect(new Set(anchors).size).toBeLessThan(80)

    const restored = restoreClusterer(original.snapshot(), options)

    expect([...restored.add(texts.vectors, texts.ids).anchorIds]).toEqual(anchors)
  })

  it('of an empty clusterer is one too', () => {
    const restored = restoreClusterer(smallClusterer().snapshot())

    expect(restored.dimensions).toBe(32)
    expect(restored.progress()).toEqual({ seen: 0, until: 60 })
  })

  it('is refused when it is cut short, changed or something else', () => {
    const bytes = smallClusterer().snapshot()
    const changed = bytes.slice()
    changed[changed.length - 1]! ^= 1

    expect(() => restoreClusterer(bytes.subarray(0, bytes.length - 8))).toThrow('checksum')
    expect(() => restoreClusterer(changed)).toThrow('checksum')
    expect(() => restoreClusterer(new Uint8Array(100))).toThrow('expected 16 bytes or more that begin with "TRC1"')
    expect(() => restoreClusterer(pack({ header: { format: 99 }, arrays: {} }))).toThrow('expected format 1, got 99')
  })
})

describe('pack', () => {
  it('gives back arrays of every kind, from bytes at any offset', () => {
    const arrays = { a: Int16Array.of(-1), b: BigUint64Array.of(2n ** 64n - 1n), c: new Float64Array(0), d: Uint16Array.of(65535, 0, 1) }
    const bytes = pack({ header: { x: 'ü' }, arrays })
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)

    expect(unpack(shifted.subarray(3))).toEqual({ header: { x: 'ü' }, arrays })
  })
})
