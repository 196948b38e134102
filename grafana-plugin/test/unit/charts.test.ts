// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { markTimes } from '../../src/charts/bar-trend.tsx'
import { fitWords } from '../../src/charts/treemap.tsx'
import { formatPoints, formatShare } from '../../src/format.ts'

describe('fitWords', () => {
  const widthOf = (text: string) => 7.6 * text.length

  it('breaks a label between words only, and cuts what is still too long', () => {
    expect(fitWords('Link to invite everybody', { w: 130, h: 80 }, widthOf)).toEqual({ label: 'lines', note: true })
    expect(fitWords('Link to invite everybody', { w: 130, h: 36 }, widthOf)).toEqual({ label: 'line', note: false })
    expect(fitWords('Unclustered', { w: 96, h: 80 }, widthOf)).toMatchObject({ label: 'line' })
  })

  it('leaves a tile empty where only a few letters would fit, but not where they are the whole label', () => {
    expect(fitWords('Webhook signature', { w: 60, h: 60 }, widthOf)).toEqual({ label: 'none', note: false })
    expect(fitWords('API', { w: 60, h: 60 }, widthOf)).toEqual({ label: 'lines', note: false })
    expect(fitWords('API', { w: 60, h: 20 }, widthOf)).toEqual({ label: 'none', note: false })
  })
})

describe('markTimes', () => {
  const hourly = (hours: number) =>
    Array.from({ length: hours }, (_, i) => new Date(Date.UTC(2026, 10, 17, 6) + i * 3_600_000).toISOString())

  it('names days at their first bar', () => {
    const marks = markTimes(hourly(96), 12)

    expect(marks.every(({ words }) => /^Nov \d+$/.test(words))).toBe(true)
    expect(marks.slice(1).map(({ index }, i) => index - marks[i]!.index)).toEqual(marks.slice(1).map(() => 24))
  })

  it('names hours in a range of a day or two, never too close to each other or to the end', () => {
    const marks = markTimes(hourly(24), 5)

    expect(marks.map(({ index }) => index)).toEqual([0, 5, 10, 15])
    expect(marks.every(({ words }) => /^\d\d:\d\d$/.test(words))).toBe(true)
  })
})

describe('formatShare', () => {
  it('writes shares with one digit, so that they stand below each other', () => {
    expect([0, 0.0004, 0.04, 0.123, 1].map(formatShare)).toEqual(['0%', '<0.1%', '4.0%', '12.3%', '100%'])
    expect([0.01, -0.012, 0].map(formatPoints)).toEqual(['+1.0 pp', '−1.2 pp', '0.0 pp'])
  })
})
