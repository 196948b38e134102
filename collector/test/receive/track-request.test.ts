import { describe, expect, it } from 'vitest'
import { parseTrackRequest } from '../../src/receive/track-request.ts'

const limits = { maxTextBytes: 1000, maxBatch: 3 }
const parse = (body: unknown): ReturnType<typeof parseTrackRequest> => parseTrackRequest(body, 'p', limits, 5n)

describe('parseTrackRequest', () => {
  it('echoes the ids that were sent and makes those that were not', () => {
    const [event] = parse({ name: 'chat', metadata: { prompt: 'Hi', n: 3, ok: true, list: [1] }, session_id: 's', user_id: 'u' })
    const [other] = parse({ name: 'chat', metadata: { prompt: 'Hi' } })

    expect(event).toMatchObject({ name: 'chat', sessionId: 's', userId: 'u', timeUnixNano: 5n })
    expect({ ...event!.metadata }).toEqual({ prompt: 'Hi', n: 3, ok: true, list: '[1]' })
    expect(event!.eventId).toMatch(/^[0-9a-f]{16}$/)
    expect(other!.sessionId).toMatch(/^[0-9a-f-]{36}$/)
    expect(other!.userId).not.toBe(other!.sessionId)
  })

  it('gives the same ids to the same idempotency key, and others to another project', () => {
    const body = { name: 'chat', metadata: { prompt: 'Hi' }, idempotency_key: 'k' }

    const [first] = parse(body)
    const [second] = parse(body)
    const [foreign] = parseTrackRequest(body, 'q', limits, 5n)

    expect(second).toEqual(first)
    expect(foreign!.eventId).not.toBe(first!.eventId)
    expect(first!.sessionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('keeps the order of a list whose events have no time or the same time', () => {
    const event = { name: 'chat', metadata: { prompt: 'Hi' } }

    const times = parse([event, event, { ...event, timestamp: '2026-11-24T09:00:00Z' }]).map(({ timeUnixNano }) => timeUnixNano)

    expect(times).toEqual([5n, 6n, BigInt(Date.parse('2026-11-24T09:00:00Z')) * 1_000_000n + 2n])
  })

  it.each([
    [{}, 'MISSING_REQUIRED_FIELD', /^name is required/],
    [{ name: '', metadata: { a: 'b' } }, 'MISSING_REQUIRED_FIELD', /^name is required/],
    [{ name: 'x' }, 'MISSING_REQUIRED_FIELD', /^metadata is required/],
    [{ name: 'x', metadata: null }, 'MISSING_REQUIRED_FIELD', /^metadata is required/],
    [{ name: 5, metadata: { a: 'b' } }, 'INVALID_REQUEST', /^name: expected a non-empty string, got a number/],
    [{ name: 'x', metadata: [] }, 'INVALID_REQUEST', /^metadata: expected an object .* got a list/],
    [{ name: 'x', metadata: {} }, 'INVALID_REQUEST', /^metadata is empty/],
    [{ name: 'x', metadata: { n: 1, blank: '  ' } }, 'INVALID_REQUEST', /holds no text/],
    [{ name: 'x', metadata: { prompt: 'ä'.repeat(501) } }, 'TEXT_TOO_LONG', /^metadata.prompt: 1002 bytes; 1000 are allowed/],
    [{ name: 'x', metadata: { a: 'b' }, session_id: 7 }, 'INVALID_REQUEST', /^session_id: expected a string, got a number/],
    [{ name: 'x', metadata: { a: 'b' }, timestamp: 'noon' }, 'INVALID_REQUEST', /^timestamp: expected RFC 3339/],
    [
      { name: 'x', metadata: { a: 'b' }, sessionId: 's' },
      'INVALID_REQUEST',
      /^sessionId: unknown field; allowed: name, metadata, session_id/,
    ],
    [[], 'INVALID_REQUEST', /^expected 1 to 3 events, got 0/],
    [[{ name: 'x', metadata: { a: 'b' } }, { name: 'x' }], 'MISSING_REQUIRED_FIELD', /^\[1\]\.metadata is required/],
    ['text', 'INVALID_REQUEST', /^the body: expected an object/],
  ])('refuses %j with %s', (body, code, message) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }) as Error)
  })
})
