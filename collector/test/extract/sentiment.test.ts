import { describe, expect, it } from 'vitest'
import { sentiment } from '../../src/extract/sentiment.ts'

describe('sentiment', () => {
  it('is above zero for praise and below for complaints', () => {
    expect(sentiment('This is great, thank you so much!')).toBeGreaterThan(0.3)
    expect(sentiment('This is a terrible bug and I am angry')).toBeLessThan(-0.3)
  })

  it('is turned round by a negation', () => {
    expect(sentiment('this is not good at all')).toBeLessThan(0)
    expect(sentiment('I don’t hate it')).toBeGreaterThan(0)
  })

  it('is zero where no word is known', () => {
    expect(sentiment('')).toBe(0)
    expect(sentiment('wo ist meine Bestellung')).toBe(0)
  })

  it('stays within −1 and 1 and reads no more than the beginning of a long text', () => {
    expect(sentiment('very superb '.repeat(100))).toBe(1)
    expect(sentiment(`${'word '.repeat(2001)}terrible`)).toBe(0)
  })
})
