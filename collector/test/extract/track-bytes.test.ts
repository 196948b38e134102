import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeParts } from '../../src/extract/encode-part.ts'
import { createExtractor } from '../../src/extract/extract-turns.ts'
import { scanTraces } from '../../src/extract/scan-traces.ts'
import type { TextFields } from '../../src/extract/text-fields.ts'
import { TrackEncoder } from '../../src/extract/track-bytes.ts'
import { type TestSpan, tracesRequest } from '../otlp.ts'

const texts: TextFields = {
  textKeys: ['prompt', 'question'],
  kindOf: (key) => (key === 'plan' ? 'enum' : key === 'comment' ? 'text' : undefined),
}

/** The events of a request, made from its bytes and made from decoded spans. */
function bothWays(spans: readonly TestSpan[]): { fromBytes: Buffer; decoded: Buffer; events: number; left: number } {
  const body = tracesRequest(spans)
  const scan = scanTraces(body, { skipsTrackSpans: true })
  const { encoded, events, left } = new TrackEncoder().encode(body, scan.tracked, texts)
  const extractor = createExtractor()
  return {
    fromBytes: Buffer.concat([encoded, encodeParts(extractor.spans([...scan.candidates, ...left], texts).parts)]),
    decoded: encodeParts(extractor.spans(scanTraces(body).candidates, texts).parts),
    events,
    left: left.length,
  }
}

const track = (attributes: NonNullable<TestSpan['attributes']>): TestSpan => ({
  attributes: { 'turret.event.name': 'chat', 'session.id': 's-1', 'user.id': 'u-1', ...attributes },
})

describe('events of track spans', () => {
  it.each([
    ['a text under a known key', { 'turret.metadata.prompt': 'Where is it?' }],
    ['a text in another alphabet', { 'turret.metadata.prompt': 'Wo ist mein Paket für Zoë? 👩‍👩‍👧 我的包裹在哪里' }],
    [
      'several texts',
      { 'turret.metadata.question': 'Why?', 'turret.metadata.prompt': 'How?', 'turret.metadata.note': 'four words at least here' },
    ],
    [
      'numbers, booleans and lists beside it',
      { 'turret.metadata.prompt': 'Hi', 'turret.metadata.n': 3, 'turret.metadata.b': true, 'turret.metadata.l': ['a', 1] },
    ],
    ['no known key', { 'turret.metadata.city': 'new york', 'turret.metadata.plan': 'professional', 'turret.metadata.a': '7' }],
    ['a key that is an enum', { 'turret.metadata.plan': 'one two three four five', 'turret.metadata.comment': 'fine' }],
    ['only white space', { 'turret.metadata.prompt': ' \u00a0 ', 'turret.metadata.other': '\u3000' }],
    ['no metadata', {}],
    ['a numeric session and no user', { 'session.id': 17, 'user.id': '', 'turret.metadata.prompt': 'Hi' }],
    ['no session', { 'session.id': '', 'turret.metadata.prompt': 'Hi' }],
    ['a name that is a number', { 'turret.event.name': 5, 'turret.metadata.prompt': 'Hi' }],
    ['a text too long to keep', { 'turret.metadata.prompt': 'x'.repeat(140_000) }],
  ])('are the same made from bytes and from decoded spans: %s', (_name, attributes) => {
    const { fromBytes, decoded } = bothWays([track(attributes)])

    expect(fromBytes.equals(decoded)).toBe(true)
  })

  it('are the same whatever the attributes hold', () => {
    const key = fc.oneof(
      fc.constantFrom('turret.event.name', 'session.id', 'user.id', 'turret.metadata.prompt', 'turret.metadata.', 'gen_ai.x', 'other'),
      fc.string({ maxLength: 8 }).map((name) => `turret.metadata.k${name}`),
    )
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.lorem({ maxCount: 6 }),
      fc.integer(),
      fc.boolean(),
      fc.double({ noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(fc.dictionary(key, value), { minLength: 1, maxLength: 4 }), (spans) => {
        const { fromBytes, decoded } = bothWays(spans.map((attributes) => ({ name: 'x', startMs: 1, endMs: 12.25, ...track(attributes) })))

        expect(fromBytes.toString('hex')).toBe(decoded.toString('hex'))
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  it('are not decoded when nothing asks for it', () => {
    const { events, left } = bothWays([
      track({ 'turret.metadata.prompt': 'Where is it?' }),
      track({ 'turret.metadata.prompt': 'And this?' }),
    ])

    expect({ events, left }).toEqual({ events: 2, left: 0 })
  })
})
