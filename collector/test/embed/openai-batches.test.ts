import { describe, expect, it } from 'vitest'
import { toBatches } from '../../src/embed/openai/batches.ts'

describe('toBatches', () => {
  it('keeps each text with its row and leaves blank ones out', () => {
    expect(toBatches(['a', ' ', 'b', ''])).toEqual([
      [
        { row: 0, text: 'a' },
        { row: 2, text: 'b' },
      ],
    ])
  })

  it('makes no batch of nothing', () => {
    expect(toBatches([])).toEqual([])
    expect(toBatches(['', '\n'])).toEqual([])
  })

  it('cuts a text at 8000 estimated tokens, never inside a character', () => {
    const [ascii, emoji] = toBatches(['x'.repeat(100_000), '🙂'.repeat(10_000)]).flat()

    expect(ascii?.text).toMatch(/^x{23999,24000}$/)
    expect(emoji?.text).toBe('🙂'.repeat(8000))
  })

  it('keeps a request below 200,000 estimated tokens', () => {
    const batches = toBatches(Array.from({ length: 60 }, () => '語'.repeat(8000)))

    expect(batches.map((batch) => batch.length)).toEqual([25, 25, 10])
  })

  it('replaces lone surrogates, which strict servers refuse', () => {
    expect(toBatches(['a\ud800b 🙂'])).toEqual([[{ row: 0, text: 'a\ufffdb 🙂' }]])
  })
})
