import { array, assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitWords, WordPiece } from '../../src/embed/builtin/word-piece.ts'

describe('splitWords', () => {
  it.each([
    ['Hello World', ['hello', 'world']],
    ["don't stop!", ['don', "'", 't', 'stop', '!']],
    ['a+b=c$5', ['a', '+', 'b', '=', 'c', '$', '5']],
    ['“quoted” – text…', ['“', 'quoted', '”', '–', 'text', '…']],
    ['thanks👍', ['thanks', '👍']],
    ['ÄÉñ İ', ['aen', 'i']],
    ['zero\u200bwidth and\u00a0hard\u3000space', ['zerowidth', 'and', 'hard', 'space']],
    ['a\0b\tc\r\nd', ['ab', 'c', 'd']],
    ['', []],
    [' \t\n\ufeff', []],
  ])('splits %j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it('gives words without white space for any string', () => {
    const anyString = array(integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))

    assert(property(anyString, (text) => splitWords(text).every((word) => /^\S+$/.test(word))))
  })
})

describe('WordPiece', () => {
  const wordPiece = new WordPiece(['[UNK]', 'un', '##afford', '##able', 'unable', '##a', '#', '##'])

  it('takes the longest piece first', () => {
    expect(wordPiece.encodeWord('unaffordable')).toEqual([1, 2, 3])
    expect(wordPiece.encodeWord('unable')).toEqual([4])
    expect(wordPiece.encodeWord('una')).toEqual([1, 5])
  })

  it('drops a word that the pieces cannot make up', () => {
    expect(wordPiece.encodeWord('unfair')).toEqual([])
    expect(wordPiece.encodeWord('')).toEqual([])
  })

  it('never takes a continuation for a beginning', () => {
    expect(wordPiece.encodeWord('able')).toEqual([])
    expect(wordPiece.encodeWord('#')).toEqual([6])
  })

  it('drops a word of more than a hundred characters', () => {
    const longest = new WordPiece(['a', '##a'])

    expect(longest.encodeWord('a'.repeat(100))).toHaveLength(100)
    expect(longest.encodeWord('a'.repeat(101))).toEqual([])
  })

  it('gives the same ids when a word comes again', () => {
    expect(wordPiece.encodeWord('unaffordable')).toEqual(wordPiece.encodeWord('unaffordable'))
  })
})
