import { describe, expect, it } from 'vitest'
import { redactText } from '../../src/redact/redact-text.ts'
import { builtInRule, ruleNames } from '../../src/redact/rules.ts'

const rules = ruleNames.map(builtInRule)

function redact(text: string): { text: string; counts: Record<string, number> } {
  const counts: Record<string, number> = {}
  return { text: redactText(text, rules, (rule) => (counts[rule] = (counts[rule] ?? 0) + 1)), counts }
}

describe('the built-in rules', () => {
  it.each([
    ['mail me at Jane.Doe+x@mail.example.co.uk, please', 'mail me at [EMAIL], please'],
    ['müller@bücher.example', '[EMAIL]'],
    ['call +49 170 123 45 67 or (415) 555-2671', 'call [PHONE] or [PHONE]'],
    ['030 1234 5678 und 0301234567', '[PHONE] und [PHONE]'],
    ['my card 4111 1111 1111 1111 was charged', 'my card [CARD] was charged'],
    ['5500-0055-5555-5559.', '[CARD].'],
    ['DE89 3704 0044 0532 0130 00 thanks', '[IBAN] thanks'],
    ['gb82west12345698765432 or FR1420041010050500013M02606', '[IBAN] or [IBAN]'],
    ['from 192.168.10.254:8080 to 2001:db8::ff00:42:8329', 'from [IP]:8080 to [IP]'],
    ['use sk-proj-abcDEF1234567890abcd now', 'use [SECRET] now'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[SECRET]'],
    ['AKIAIOSFODNN7EXAMPLE', '[SECRET]'],
    ['postgres://app:s3cr3t-pass@db:5432/x', 'postgres://app:[SECRET]@db:5432/x'],
    ['Authorization: Bearer abcdefghijklmnop1234', 'Authorization: Bearer [SECRET]'],
    ['password = hunter2hunter2, ok?', 'password = [SECRET], ok?'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N', '[SECRET]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----', '[SECRET]'],
  ])('take personal data and secrets out of %j', (text, expected) => {
    expect(redact(text).text).toBe(expected)
  })

  it.each([
    'The password is incorrect, and my token expired',
    'on 2026-11-24 at 12:30:45 or 24/11/2026 or 01.02.2024',
    'card 4111 1111 1111 1112 fails the checksum',
    'DE88 3704 0044 0532 0130 00 does, too',
    '550e8400-e29b-41d4-a716-446655440000',
    'order 1234567890, invoice 2024-000123',
    'std::vector and version 1.2.3',
    'costs 1.234.567,89 EUR',
    'sk_learn_something_without_a_digit',
  ])('leave %j as it is', (text) => {
    expect(redact(text)).toEqual({ text, counts: {} })
  })

  it('count each match under its rule', () => {
    expect(redact('a@b.example c@d.example 10.0.0.1').counts).toEqual({ email: 2, ip: 1 })
  })

  it('read strings inside JSON as what they mean, and leave the rest of it byte for byte', () => {
    const text = '[ {"role":"user", "content":"write to:\\njane@example.com", "big": 12345678901234567890} ]'

    const { text: redacted } = redact(text)

    expect(redacted).toBe('[ {"role":"user", "content":"write to:\\n[EMAIL]", "big": 12345678901234567890} ]')
    expect(() => JSON.parse(redacted) as unknown).not.toThrow()
  })

  it('find what stands in JSON inside JSON', () => {
    const text = JSON.stringify({ messages: JSON.stringify([{ content: 'I am "jane@example.com"' }]) })

    expect(redact(text).text).toBe(JSON.stringify({ messages: JSON.stringify([{ content: 'I am "[EMAIL]"' }]) }))
  })

  it.each([
    ['@', 'a@'],
    ['digits', '4'],
    ['IBAN starts', 'DE89 '],
    ['colons', 'a:'],
    ['keys', '-----BEGIN PRIVATE KEY-----'],
    ['JSON', '[{"a":"'],
    ['dots', '1.'],
    ['plus', '+1 '],
    ['secrets', 'sk-'],
  ])('take time in proportion to the text, even for a megabyte of %s', (_name, unit) => {
    const small = secondsOf(unit.repeat(100_000 / unit.length))
    const large = secondsOf(unit.repeat(1_000_000 / unit.length))

    // Ten times the text: quadratic work would take a hundred times as long.
    expect(large).toBeLessThan(40 * Math.max(small, 0.005))
  })
})

/** The best of three: other work on the machine only ever adds. */
function secondsOf(text: string): number {
  const runs = [0, 1, 2].map(() => {
    const startedAt = performance.now()
    redact(text)
    return (performance.now() - startedAt) / 1000
  })
  return Math.min(...runs)
}
