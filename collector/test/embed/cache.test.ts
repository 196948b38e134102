import { describe, expect, it } from 'vitest'
import type { Matrix } from '../../src/cluster/matrix.ts'
import { withCache } from '../../src/embed/cache.ts'
import type { Embedder } from '../../src/embed/embedder.ts'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { describeEmbedder } from './contract.ts'

/** An embedder of width 1 that writes down which texts reach it; a text's number is its length. */
function createRecorder(): Embedder & { calls: string[][]; closed: number } {
  return {
    id: 'builtin:recorder',
    dimensions: 1,
    calls: [],
    closed: 0,
    embed(texts): Promise<Matrix> {
      this.calls.push([...texts])
      return Promise.resolve({ data: Float32Array.from(texts, (text) => text.length), rows: texts.length, cols: 1 })
    },
    close() {
      this.closed++
      return Promise.resolve()
    },
  }
}

describeEmbedder('a cached provider', () => Promise.resolve(withCache(createBuiltinEmbedder(), 4)), { leastSelfSimilarity: 1 })

describe('withCache', () => {
  it('asks the provider once for each text', async () => {
    const recorder = createRecorder()
    const cached = withCache(recorder, 10)

    await cached.embed(['a', 'bb', 'a'])
    const { data } = await cached.embed(['bb', 'ccc', 'a', 'bb'])

    expect(recorder.calls).toEqual([['a', 'bb'], ['ccc']])
    expect([...data]).toEqual([2, 3, 1, 2])
  })

  it('forgets the text that was not used for longest', async () => {
    const recorder = createRecorder()
    const cached = withCache(recorder, 2)

    await cached.embed(['a'])
    await cached.embed(['bb'])
    await cached.embed(['a'])
    await cached.embed(['ccc'])
    await cached.embed(['a'])
    await cached.embed(['bb'])

    expect(recorder.calls).toEqual([['a'], ['bb'], ['ccc'], ['bb']])
  })

  it('answers a call with more texts than it keeps', async () => {
    const cached = withCache(createRecorder(), 2)

    const { data } = await cached.embed(['a', 'bb', 'ccc', 'dddd', 'bb'])

    expect([...data]).toEqual([1, 2, 3, 4, 2])
  })

  it('keeps nothing with zero entries', async () => {
    const recorder = createRecorder()
    const cached = withCache(recorder, 0)

    await cached.embed(['a'])
    await cached.embed(['a'])

    expect(recorder.calls).toEqual([['a'], ['a']])
  })

  it('keeps its vectors when a caller changes the answer', async () => {
    const cached = withCache(createRecorder(), 10)

    const first = await cached.embed(['bb'])
    first.data[0] = 99

    expect((await cached.embed(['bb'])).data[0]).toBe(2)
  })

  it('keeps nothing of a call that failed', async () => {
    const recorder = createRecorder()
    const failing: Embedder = { ...recorder, embed: () => Promise.reject(new Error('no answer')) }

    await expect(withCache(failing, 10).embed(['a'])).rejects.toThrow('no answer')
  })

  it('closes the provider', async () => {
    const recorder = createRecorder()

    await withCache(recorder, 10).close()

    expect(recorder.closed).toBe(1)
  })
})
