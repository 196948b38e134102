import { describe, expect, it } from 'vitest'
import { redaction } from '../../src/config/components/redaction.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { decode, logsRequest, tracesRequest } from '../otlp.ts'

function create(body: object = {}): { redactor: ReturnType<typeof createRedactor>; counts: Record<string, number> } {
  const counts: Record<string, number> = {}
  return {
    redactor: createRedactor({ config: redaction.schema.parse(body), count: (rule) => (counts[rule] = (counts[rule] ?? 0) + 1) }),
    counts,
  }
}

const address = 'jane@example.com'

describe('the redactor', () => {
  it('finds texts everywhere in a trace request', () => {
    const request = tracesRequest(
      [
        {
          name: `chat with ${address}`,
          attributes: { plain: address, list: ['x', address], map: { inner: { deep: address } }, number: 7, flag: true },
          events: [{ name: `event ${address}`, attributes: { body: address } }],
          status: { code: 2, message: `failed for ${address}` },
        },
      ],
      { resource: { 'host.name': address } },
    )
    const { redactor, counts } = create()

    const redacted = redactor.traces(request)

    expect(redacted.includes(address)).toBe(false)
    expect(counts).toEqual({ email: 8 })
    expect(JSON.stringify(decode('traces', redacted))).toBe(JSON.stringify(decode('traces', request)).replaceAll(address, '[EMAIL]'))
  })

  it('finds texts in bodies and attributes of log records', () => {
    const request = logsRequest([{ body: { content: address }, attributes: { a: address } }, { body: address }])
    const { redactor, counts } = create()

    const redacted = redactor.logs(request)

    expect(redacted.includes(address)).toBe(false)
    expect(counts).toEqual({ email: 3 })
  })

  it('leaves a request without matches byte for byte', () => {
    const request = tracesRequest([{ attributes: { prompt: 'where is my parcel?', n: 1, list: ['a', 2] } }])

    expect(create().redactor.traces(request).equals(request)).toBe(true)
  })

  it('keeps people apart: an id that matches becomes a pseudonym of its own', () => {
    const request = tracesRequest([
      { attributes: { 'user.id': address, 'session.id': 's-1' } },
      { attributes: { 'user.id': 'joe@example.com' } },
    ])

    const text = JSON.stringify(decode('traces', create().redactor.traces(request)))

    expect(new Set(text.match(/email-[0-9a-f]{16}/g))).toHaveLength(2)
    expect(text).toContain('"s-1"')
    expect(create().redactor.identity(address)).toMatch(/^email-[0-9a-f]{16}$/)
  })

  it('removes denied attributes and those that are not allowed, and counts them', () => {
    const request = tracesRequest([{ attributes: { 'http.url': 'x', 'http.method': 'y', 'app.plan': 'pro', other: 'z' } }], {
      resource: { 'app.name': 'n' },
    })
    const { redactor, counts } = create({ attributes: { allow: ['app.*', 'http.*'], deny: ['http.url'] } })

    const text = JSON.stringify(decode('traces', redactor.traces(request)))

    expect([...text.matchAll(/"key":"([^"]+)"/g)].map(([, key]) => key)).toEqual(['app.name', 'http.method', 'app.plan'])
    expect(counts).toEqual({ attributes: 2 })
  })

  it('applies patterns of the operator after the built-in rules, in linear time', () => {
    const custom = [
      { name: 'customer', pattern: String.raw`\bC-\d{6}\b`, replacement: '[CUSTOMER]' },
      { name: 'evil', pattern: '(a+)+$' },
    ]
    const { redactor, counts } = create({ rules: [], custom })
    const startedAt = performance.now()

    const text = JSON.stringify(
      decode('traces', redactor.traces(tracesRequest([{ attributes: { a: `C-123456 ${address} ${'a'.repeat(5000)}!` } }]))),
    )

    expect(text).toContain(`[CUSTOMER] ${address}`)
    expect(counts).toEqual({ customer: 1 })
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it.each(['(?=a)', String.raw`(a)\1`, '(', 'x*'])('refuses the pattern %s', (pattern) => {
    expect(redaction.schema.safeParse({ custom: [{ name: 'x', pattern }] }).success).toBe(false)
  })

  it('throws on malformed bytes', () => {
    expect(() => create().redactor.traces(Buffer.from([10, 200, 1, 1]))).toThrow(/runs over the end/)
  })
})
