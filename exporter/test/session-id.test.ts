import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sessionToTraceId } from '../src/session-id.ts'

describe('sessionToTraceId', () => {
  it('takes a UUID as its own trace id, in any case, with and without dashes', () => {
    const digits = '0f8fad5bd9cb469fa16570867728950e'

    expect(sessionToTraceId('0f8fad5b-d9cb-469f-a165-70867728950e')).toBe(digits)
    expect(sessionToTraceId('0F8FAD5B-D9CB-469F-A165-70867728950E')).toBe(digits)
    expect(sessionToTraceId(digits)).toBe(digits)
    expect(sessionToTraceId(digits.toUpperCase())).toBe(digits)
  })

  it('hashes any other name', () => {
    // printf 'turret.session:chat-42' | sha256sum
    expect(sessionToTraceId('chat-42')).toBe('1fdf0f334c24c07cb4ea07bcfe2c5975')
    expect(sessionToTraceId('0f8fad5b-d9cb469f-a165-70867728950e')).not.toBe('0f8fad5bd9cb469fa16570867728950e')
  })

  it('hashes the nil UUID, since an all-zero trace id is invalid', () => {
    const nil = '00000000-0000-0000-0000-000000000000'

    expect(sessionToTraceId(nil)).toMatch(/^[0-9a-f]{32}$/u)
    expect(sessionToTraceId(nil)).not.toBe('0'.repeat(32))
  })

  it('gives every string a valid trace id, and the same one each time', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uuid(),
      fc.uuid().map((uuid) => uuid.replaceAll('-', '')),
      fc.constant('0'.repeat(32)),
    )

    fc.assert(
      fc.property(names, (name) => {
        const traceId = sessionToTraceId(name)

        expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/u)
        expect(sessionToTraceId(name)).toBe(traceId)
      }),
    )
  })

  it('keeps different names apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b)

        expect(sessionToTraceId(a)).not.toBe(sessionToTraceId(b))
      }),
    )
  })
})
