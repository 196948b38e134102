import { describe, expect, it } from 'vitest'
import { SessionIdGenerator } from '../src/session-id-generator.ts'

const chosen = 'a'.repeat(32)

describe('SessionIdGenerator', () => {
  it('gives the chosen trace id inside the call and random ones outside', () => {
    const generator = new SessionIdGenerator()

    expect(generator.withTraceId(chosen, () => generator.generateTraceId())).toBe(chosen)
    expect(generator.generateTraceId()).not.toBe(chosen)
    expect(generator.generateTraceId()).not.toBe(generator.generateTraceId())
  })

  it('forgets a trace id that was never asked for', () => {
    const generator = new SessionIdGenerator()

    generator.withTraceId(chosen, () => 'suppressed tracing asks for no id')

    expect(generator.generateTraceId()).not.toBe(chosen)
  })

  it('forgets the trace id when the call throws', () => {
    const generator = new SessionIdGenerator()
    const fail = (): never => {
      throw new Error('no span')
    }

    expect(() => generator.withTraceId(chosen, fail)).toThrow('no span')
    expect(generator.generateTraceId()).not.toBe(chosen)
  })
})
