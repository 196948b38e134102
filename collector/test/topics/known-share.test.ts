import { beforeAll, describe, expect, it } from 'vitest'
import { type BuiltinEmbedder, createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { withCache } from '../../src/embed/cache.ts'
import { KnownShare } from '../../src/topics/known-share.ts'

describe('how much of what users write the embedding knows', () => {
  let embedder: BuiltinEmbedder
  beforeAll(() => void (embedder = createBuiltinEmbedder()))

  it('is high for English and low for another language', () => {
    const [english, thai] = [new KnownShare(embedder), new KnownShare(embedder)]

    english.add('how do I change the delivery address of my order?')
    thai.add('ฉันจะเปลี่ยนที่อยู่จัดส่งได้อย่างไร')

    expect(english.value).toBeGreaterThan(0.8)
    expect(thai.value).toBe(0)
  })

  it('follows the newest thousand texts or so', () => {
    const share = new KnownShare(embedder)
    for (let i = 0; i < 3000; i++) share.add('how do i change the delivery address of my order?')
    const before = share.value!

    for (let i = 0; i < 3000; i++) share.add('wo bleibt meine Rückerstattung')

    expect(before).toBeGreaterThan(0.9)
    expect(share.value).toBeLessThan(0.2)
  })

  it('is not said before the first text, for texts without letters, and by a provider that cannot say', () => {
    const [empty, other] = [new KnownShare(embedder), new KnownShare(withCache(embedder, 0))]

    empty.add('🙂 …')
    other.add('how do I get a refund')

    expect([empty.value, other.value]).toEqual([undefined, undefined])
  })
})
