import { describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { intents } from '../../src/demo/intents/all-intents.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import type { DemoSession } from '../../src/demo/types.ts'

const fortnight = { startAt: new Date('2026-11-09T00:00:00Z'), endAt: new Date('2026-11-23T00:00:00Z') } // a Monday to a Monday
const sessions = generate({ seed: 7, sessions: 4000 })
const events = sessions.flatMap((session) => session.events)

function generate(options: { seed: number; sessions: number }): DemoSession[] {
  return [...generateConversations({ ...options, ...fortnight })]
}

/** Pairs of successive events of one session. */
function transitions(): { from: string; to: string }[] {
  return sessions.flatMap(({ events }) => events.slice(1).map((event, index) => ({ from: events.at(index)!.intent, to: event.intent })))
}

function shareOf<T>(list: readonly T[], isCounted: (item: T) => boolean): number {
  return list.filter(isCounted).length / list.length
}

describe('generateConversations', () => {
  it('tells the same story for the same seed', () => {
    expect(generate({ seed: 3, sessions: 50 })).toEqual(generate({ seed: 3, sessions: 50 }))
  })

  it('tells another story for another seed', () => {
    expect(toTrackBodies(generate({ seed: 3, sessions: 50 }))).not.toEqual(toTrackBodies(generate({ seed: 4, sessions: 50 })))
  })

  it('yields as many sessions as asked for, in order of their start and inside the time range', () => {
    const starts = sessions.map(({ events }) => events.at(0)!.timestamp.getTime())

    expect(sessions).toHaveLength(4000)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    expect(events.every(({ timestamp }) => timestamp >= fortnight.startAt && timestamp < fortnight.endAt)).toBe(true)
  })

  it('yields nothing for no sessions', () => {
    expect(generate({ seed: 1, sessions: 0 })).toEqual([])
  })

  it('refuses an empty time range and a broken number of sessions', () => {
    const at = new Date()

    expect(() => [...generateConversations({ seed: 1, sessions: 1, startAt: at, endAt: at })]).toThrow(
      'endAt: expected a time after startAt',
    )
    expect(() => generate({ seed: 1, sessions: -1 })).toThrow('sessions: expected 0 or more, got -1')
  })

  it('knows at least 24 intents, each asked for in at least 12 ways', () => {
    expect(intents.length).toBeGreaterThanOrEqual(24)
    expect(intents.filter(({ templates }) => templates.length < 12).map(({ id }) => id)).toEqual([])
    expect(new Set(events.map(({ intent }) => intent)).size).toBe(intents.length)
  })

  it('follows up with intents that exist', () => {
    const ids = new Set(intents.map(({ id }) => id))

    expect(intents.flatMap(({ next }) => Object.keys(next)).filter((id) => !ids.has(id))).toEqual([])
  })

  it('fills every slot and makes every choice', () => {
    expect(events.filter(({ metadata }) => /[[\]{}|]|undefined/u.test(metadata.prompt))).toEqual([])
  })

  it('phrases most messages in a way of their own', () => {
    const distinct = new Set(events.map(({ metadata }) => metadata.prompt))

    expect(distinct.size / events.length).toBeGreaterThan(0.6)
  })

  it('has hundreds of sentences for each intent when there are many sessions', () => {
    const many = generate({ seed: 1, sessions: 30_000 }).flatMap((session) => session.events)

    const sentences = intents.map(
      ({ id }) => new Set(many.filter(({ intent }) => intent === id).map(({ metadata }) => metadata.prompt)).size,
    )

    expect(Math.min(...sentences)).toBeGreaterThan(100)
    expect(sentences.filter((count) => count >= 200).length).toBeGreaterThan(30)
  })
})

describe('the flow of the conversations', () => {
  it('goes back and forth between API errors and API keys', () => {
    const isBackAndForth = ({ events }: DemoSession): boolean =>
      events.some(
        (event, i) => event.intent === 'api_error' && events[i + 1]?.intent === 'api_key' && events[i + 2]?.intent === 'api_error',
      )

    expect(sessions.filter(isBackAndForth).length).toBeGreaterThan(10)
  })

  it('follows a failed payment by a change of the card more than by anything else', () => {
    const leaving = transitions().filter(({ from, to }) => from === 'payment_failed' && to !== from)

    expect(shareOf(leaving, ({ to }) => to === 'update_card')).toBeGreaterThan(0.5)
  })

  it('goes round in circles of three', () => {
    const cycles = sessions.filter(({ events }) => {
      const steps = events.map(({ intent }) => intent).filter((intent, i, all) => intent !== all[i - 1])
      return steps.some((step, i) => steps[i + 3] === step && steps[i + 1] !== steps[i + 2] && steps[i + 2] !== step)
    })

    expect(cycles.length).toBeGreaterThan(5)
  })

  it('repeats questions after bad answers', () => {
    expect(shareOf(transitions(), ({ from, to }) => from === to)).toBeGreaterThan(0.1)
  })

  it('ends at the support team and at thanks far more often than at API errors', () => {
    const dropOffRate = (intent: string): number => {
      const visits = sessions.filter(({ events }) => events.some((event) => event.intent === intent))
      return shareOf(visits, ({ events }) => events.at(-1)!.intent === intent)
    }

    expect(dropOffRate('talk_to_human')).toBeGreaterThan(0.7)
    expect(dropOffRate('thanks')).toBeGreaterThan(0.7)
    expect(dropOffRate('api_error')).toBeLessThan(0.45)
  })

  it('brings up a new intent in the last day only', () => {
    const dayBefore = fortnight.endAt.getTime() - 24 * 3600 * 1000
    const blank = events.filter(({ intent }) => intent === 'blank_board')

    expect(blank.length).toBeGreaterThanOrEqual(15)
    expect(blank.every(({ timestamp }) => timestamp.getTime() >= dayBefore)).toBe(true)
  })
})

describe('the people of the demo', () => {
  it('come back: a user has several sessions', () => {
    const users = new Set(sessions.map(({ userId }) => userId))

    expect(sessions.length / users.size).toBeGreaterThan(2)
  })

  it('write more on working days than on weekends, and more by day than by night', () => {
    const isWeekend = ({ timestamp }: { timestamp: Date }): boolean => [0, 6].includes(timestamp.getUTCDay())
    const isNight = ({ timestamp }: { timestamp: Date }): boolean => timestamp.getUTCHours() < 6

    expect(shareOf(events, isWeekend)).toBeLessThan(0.2)
    expect(shareOf(events, isNight)).toBeLessThan(0.08)
  })

  it('ask about single sign-on on the enterprise plan, and about crashes on phones', () => {
    const share = (intent: string, isOf: (metadata: DemoSession['events'][number]['metadata']) => boolean): number =>
      shareOf(
        events.filter((event) => event.intent === intent),
        ({ metadata }) => isOf(metadata),
      )

    expect(share('sso_setup', ({ plan }) => plan === 'enterprise')).toBeGreaterThan(0.4)
    expect(share('mobile_crash', ({ platform }) => platform !== 'web')).toBeGreaterThan(0.75)
  })

  it('send fields of every kind: a text, enums, numbers and an id', () => {
    const accounts = new Set(events.map(({ metadata }) => metadata.account_id))

    expect(new Set(events.map(({ metadata }) => metadata.plan))).toEqual(new Set(['free', 'team', 'enterprise']))
    expect(new Set(events.map(({ metadata }) => metadata.language)).size).toBe(4)
    expect(new Set(events.map(({ metadata }) => metadata.app_version)).size).toBeGreaterThan(3)
    expect(events.every(({ metadata }) => metadata.seats > 0)).toBe(true)
    expect(events.some(({ metadata }) => (metadata.cart_value ?? 0) > 0)).toBe(true)
    expect(accounts.size).toBeGreaterThan(500)
  })

  it('sometimes get an error instead of an answer', () => {
    const failed = events.filter(({ error }) => error !== undefined)

    expect(failed.length / events.length).toBeGreaterThan(0.005)
    expect(failed.length / events.length).toBeLessThan(0.05)
    expect(failed.every(({ answer, outputTokens }) => answer === '' && outputTokens === 0)).toBe(true)
  })
})
