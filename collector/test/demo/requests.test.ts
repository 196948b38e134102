import { describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { type OtlpSpan, toOtlpRequest } from '../../src/demo/to-otlp.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'

const sessions = [
  ...generateConversations({ seed: 11, sessions: 300, startAt: new Date('2026-11-16T00:00:00Z'), endAt: new Date('2026-11-20T00:00:00Z') }),
]
const events = sessions.flatMap((session) => session.events)
const spans = toOtlpRequest(sessions).resourceSpans.at(0)!.scopeSpans.at(0)!.spans

function attribute(span: OtlpSpan, key: string): unknown {
  const value = span.attributes.find((attribute) => attribute.key === key)?.value
  return value === undefined ? undefined : Object.values(value)[0]
}

describe('toOtlpRequest', () => {
  it('makes one chat span per turn, with ids of the right form that never repeat', () => {
    expect(spans).toHaveLength(events.length)
    expect(spans.every(({ traceId, spanId }) => /^[\da-f]{32}$/u.test(traceId) && /^[\da-f]{16}$/u.test(spanId))).toBe(true)
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)
  })

  it('sends the history before the new message, as instrumentations do', () => {
    const index = sessions.findIndex(({ events }) => events.length >= 3 && events.slice(0, 2).every(({ answer }) => answer !== ''))
    const { events: turns } = sessions.at(index)!
    const third = spans.at(sessions.slice(0, index).reduce((sum, { events }) => sum + events.length, 0) + 2)!

    const messages = JSON.parse(attribute(third, 'gen_ai.input.messages') as string) as { role: string; parts: { content: string }[] }[]

    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(messages.at(-1)!.parts.at(0)!.content).toBe(turns.at(2)!.metadata.prompt)
  })

  it('carries session, user, model, usage and fields', () => {
    const event = events.at(0)!
    const span = spans.at(0)!

    expect(attribute(span, 'gen_ai.operation.name')).toBe('chat')
    expect(attribute(span, 'gen_ai.conversation.id')).toBe(event.sessionId)
    expect(attribute(span, 'user.id')).toBe(event.userId)
    expect(attribute(span, 'gen_ai.request.model')).toBe(event.model)
    expect(attribute(span, 'gen_ai.usage.input_tokens')).toBe(String(event.inputTokens))
    expect(attribute(span, 'turret.metadata.plan')).toBe(event.metadata.plan)
    expect(attribute(span, 'turret.metadata.seats')).toBe(String(event.metadata.seats))
  })

  it('marks failed turns as errors without an answer', () => {
    const index = events.findIndex(({ error }) => error !== undefined)

    expect(spans.at(index)!.status).toEqual({ code: 2, message: events.at(index)!.error })
    expect(attribute(spans.at(index)!, 'gen_ai.output.messages')).toBeUndefined()
  })

  it('lasts as long as the answer took', () => {
    const { startTimeUnixNano, endTimeUnixNano } = spans.at(0)!

    expect(Number((BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1_000_000n)).toBe(events.at(0)!.latencyMs)
  })

  it('never sends the true intent', () => {
    const keys = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)))

    expect([...keys].filter((key) => key.includes('intent'))).toEqual([])
  })
})

describe('toTrackBodies', () => {
  it('makes one body per turn with the fields that POST /track takes', () => {
    const bodies = toTrackBodies(sessions)

    expect(bodies).toHaveLength(events.length)
    expect(Object.keys(bodies.at(0)!)).toEqual(['name', 'metadata', 'session_id', 'user_id', 'timestamp'])
    expect(bodies[0]).toMatchObject({ session_id: events.at(0)!.sessionId, metadata: events.at(0)!.metadata })
    expect(bodies.at(0)!.timestamp).toBe(events.at(0)!.timestamp.toISOString())
  })
})
