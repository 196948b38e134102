import { describe, expect, it } from 'vitest'
import { parseTrackEvent, type TrackEvent } from '../src/track-event.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u

function parse(event: unknown): () => void {
  return () => void parseTrackEvent(event as TrackEvent)
}

describe('parseTrackEvent', () => {
  it('keeps the ids it gets', () => {
    const event = parseTrackEvent({ name: 'chat', metadata: { prompt: 'hello' }, sessionId: 'chat-42', userId: 'ada' })

    expect(event).toMatchObject({ sessionId: 'chat-42', userId: 'ada' })
  })

  it('makes UUIDs for ids that are missing', () => {
    const { sessionId, userId } = parseTrackEvent({ name: 'chat', metadata: { prompt: 'hello' } })

    expect(sessionId).toMatch(uuid)
    expect(userId).toMatch(uuid)
    expect(sessionId).not.toBe(userId)
    expect(parseTrackEvent({ name: 'chat', metadata: { prompt: 'hello' }, sessionId: '' }).sessionId).toMatch(uuid)
  })

  it('writes metadata as attributes, as JSON would carry it', () => {
    const { attributes } = parseTrackEvent({
      name: 'chat',
      sessionId: 's',
      userId: 'u',
      metadata: {
        prompt: 'How do I pay?',
        tokens: 12,
        cost: 0.25,
        cached: false,
        empty: '',
        big: 2n ** 70n,
        at: new Date(0),
        tags: ['a', 'b'],
        place: { city: 'Oslo' },
        nothing: null,
        missing: undefined,
        broken: Number.NaN,
        call: () => 1,
      },
    })

    expect(attributes).toEqual({
      'turret.event.name': 'chat',
      'session.id': 's',
      'user.id': 'u',
      'turret.metadata.prompt': 'How do I pay?',
      'turret.metadata.tokens': 12,
      'turret.metadata.cost': 0.25,
      'turret.metadata.cached': false,
      'turret.metadata.empty': '',
      'turret.metadata.big': '1180591620717411303424',
      'turret.metadata.at': '1970-01-01T00:00:00.000Z',
      'turret.metadata.tags': '["a","b"]',
      'turret.metadata.place': '{"city":"Oslo"}',
    })
  })

  it('takes an object without a prototype', () => {
    const metadata = Object.assign(Object.create(null) as Record<string, unknown>, { prompt: 'hello' })

    expect(parseTrackEvent({ name: 'chat', metadata }).attributes['turret.metadata.prompt']).toBe('hello')
  })

  it('names the field, what came and what is allowed', () => {
    const metadata = { prompt: 'hello' }
    const expected = 'expected an object with at least one non-empty string'

    expect(parse(undefined)).toThrow(new TypeError('track: expected { name, metadata, sessionId?, userId? }, got undefined'))
    expect(parse({ name: ' ', metadata })).toThrow(new TypeError('track: name: expected a non-empty string, got a blank string'))
    expect(parse({ name: 5, metadata })).toThrow(new TypeError('track: name: expected a non-empty string, got a number'))
    expect(parse({ name: 'chat' })).toThrow(new TypeError(`track: metadata: ${expected}, got undefined`))
    expect(parse({ name: 'chat', metadata: ['hello'] })).toThrow(new TypeError(`track: metadata: ${expected}, got an array`))
    expect(parse({ name: 'chat', metadata: {} })).toThrow(new TypeError(`track: metadata: ${expected}, got an empty object`))
    expect(parse({ name: 'chat', metadata: { tokens: 5, prompt: ' ' } })).toThrow(
      new TypeError(`track: metadata: ${expected}, got 2 values and no such string`),
    )
    expect(parse({ name: 'chat', metadata, sessionId: 42 })).toThrow(
      new TypeError('track: sessionId: expected a string or nothing, got a number'),
    )
    expect(parse({ name: 'chat', metadata, userId: ['u'] })).toThrow(
      new TypeError('track: userId: expected a string or nothing, got an array'),
    )
    expect(parse({ name: 'chat', metadata, session_id: 's' })).toThrow(
      new TypeError('track: session_id: unknown, expected one of name, metadata, sessionId, userId'),
    )
  })

  it('has the limits of POST /track', () => {
    const keys = Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`key${i}`, 'x']))

    expect(parse({ name: 'n'.repeat(201), metadata: { prompt: 'hello' } })).toThrow('track: name: expected at most 200 characters, got 201')
    expect(parse({ name: 'chat', metadata: { prompt: 'hello' }, userId: 'u'.repeat(501) })).toThrow(
      'userId: expected at most 500 characters, got 501',
    )
    expect(parse({ name: 'chat', metadata: keys })).toThrow('track: metadata: expected at most 128 keys, got 129')
    expect(parse({ name: 'chat', metadata: { '': 'hello' } })).toThrow('track: metadata: expected keys of 1 to 200 characters')
  })

  it('reports all faults at once', () => {
    expect(parse({ metadata: 'hello', userId: 1 })).toThrow(/name: .*; metadata: .*; userId: /u)
  })

  it('says which value JSON cannot hold, without showing it', () => {
    const circular: Record<string, unknown> = { secret: 'my own words' }
    circular['self'] = circular

    const parsing = parse({ name: 'chat', metadata: { prompt: 'hello', context: circular } })

    expect(parsing).toThrow(/^track: metadata\.context: expected a value that JSON can hold, got one that it cannot$/u)
  })
})
