import { describe, expect, it } from 'vitest'
import { redact } from '../../src/label/redact.ts'

describe('redact', () => {
  it.each([
    ['mail anna.smith+x@mail.example.co.uk now', 'mail [email] now'],
    ['see https://example.com/a?b=c#d and', 'see [url] and'],
    ['see www.example.org/x', 'see [url]'],
    ['go to example.com please', 'go to [url] please'],
    ['call +49 170 1234567 today', 'call [phone] today'],
    ['call (030) 123-45678 today', 'call [phone] today'],
    ['call 555-123-4567', 'call [phone]'],
    ['card 4929 1234 5678 9012', 'card [number]'],
    ['order #12345', 'order [number]'],
    ['iban DE89 3704 0044 0532 0130 00 ok', 'iban [iban] ok'],
    ['from 192.168.0.17', 'from [ip]'],
    ['key sk-proj-abcdefgh12345678', 'key [key]'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_DEF', 'token [key]'],
    ['id 550e8400-e29b-41d4-a716-446655440000', 'id [key]'],
    ['booking AB12345', 'booking [id]'],
  ])('takes the secret out of "%s"', (text, redacted) => {
    expect(redact(text)).toBe(redacted)
  })

  it.each([
    'reset my 2FA in 24 h',
    'version 5.9',
    'the well-known single-sign-on problem',
    'I have 12 boards, 3 of them empty',
    'e.g. this',
    'two-factor.',
  ])('leaves "%s" as it is', (text) => {
    expect(redact(text)).toBe(text)
  })

  it('puts in what the caller wants', () => {
    expect(redact('mail a@b.de', (kind) => `<${kind}>`)).toBe('mail <email>')
  })

  it('answers fast for a text that is made to be slow', () => {
    const hostile = [
      '1-'.repeat(50_000),
      'a@'.repeat(50_000),
      'a.'.repeat(50_000),
      'a1-'.repeat(50_000),
      '1 '.repeat(50_000),
      'A1'.repeat(50_000),
    ]

    const startedAt = performance.now()
    for (const text of hostile) redact(text)

    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
})
