import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWordReader, toTerm } from '../../src/label/words.ts'

const wordsOf = createWordReader()

function content(text: string): string[] {
  return wordsOf(text)
    .filter(({ kind }) => kind === 'content')
    .map(({ surface }) => surface)
}

describe('a word reader', () => {
  it('tells content from function words, filler and numbers', () => {
    const words = wordsOf('Please tell me my invoice of 24')

    expect(words.map(({ surface, kind }) => `${surface} ${kind}`)).toEqual([
      'Please filler',
      'tell filler',
      'me function',
      'my function',
      'invoice content',
      'of function',
      '24 number',
    ])
  })

  it('knows where sentences and clauses end', () => {
    const words = wordsOf('It crashed. Again, twice')

    expect(words.map(({ before }) => before)).toEqual(['sentence', 'space', 'sentence', 'clause'])
  })

  it('cuts clitics off and sees through contractions', () => {
    expect(content("the card's limit, l’argent, d'accès")).toEqual(['card', 'limit', 'argent', 'accès'])
    expect(content("don't isn't I'm we're")).toEqual([])
  })

  it('leaves out addresses, URLs and keys', () => {
    expect(content('write to anna@example.com or www.example.com with sk-abcdef1234567890 today')).toEqual(['write'])
  })

  it('finds words in scripts without spaces', () => {
    expect(content('パスワードを忘れました')).toContain('パスワード')
    expect(content('怎么修改密码')).toContain('密码')
  })

  it('keeps short words that hold a digit', () => {
    expect(content('2fa with mp3 and w2')).toEqual(['2fa', 'mp3', 'w2'])
  })

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const { surface, term } of wordsOf(text)) {
          expect(surface).not.toBe('')
          expect(term).not.toBe('')
        }
      }),
    )
  })
})

describe('toTerm', () => {
  it('counts the forms of an English word as one', () => {
    expect(new Set(['Refund', 'refunds', 'refunded', 'REFUNDING'].map(toTerm)).size).toBe(1)
  })

  it('leaves words of other scripts alone', () => {
    expect(toTerm('Пароль')).toBe('пароль')
  })
})
