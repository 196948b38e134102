/** The built-in rules: what personal data and secrets look like. Every pattern is bounded, so time grows with the text alone. */
import { isIPv6 } from 'node:net'
import { cardLength, ibanLength } from './checksums.ts'

export type RuleName = 'email' | 'phone' | 'card' | 'iban' | 'ip' | 'secret'

/** One kind of text to take out. */
export interface Rule {
  /** As counters show it. */
  readonly name: string
  /** What stands in for a match. */
  readonly replacement: string
  /** Replaces every match; tells `count` once for each. */
  apply(text: string, count: () => void): string
}

interface Pattern {
  /** A named group `keep` at the start stays. */
  readonly pattern: RegExp
  /** Of what the pattern found, how many characters from its start are a match; 0 = none. Default: all. */
  readonly lengthOf?: (found: string) => number
}

/** In the order they are applied: the longest and surest shapes first, so that no rule takes a part of another's match. */
export const ruleNames = ['secret', 'email', 'iban', 'card', 'ip', 'phone'] as const satisfies readonly RuleName[]

const patterns: Readonly<Record<RuleName, readonly Pattern[]>> = {
  secret: [
    { pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,10000}-----END [A-Z ]{0,30}PRIVATE KEY-----/gu },
    { pattern: /\beyJ[\w-]{8,4096}\.[\w-]{8,4096}\.[\w-]{8,4096}/gu }, // JSON Web Token
    { pattern: /\b(?:sk|pk|rk)[-_](?=[\w-]{0,256}\d)[\w-]{16,256}/gu }, // OpenAI, Anthropic, Stripe
    { pattern: /\b(?:gh[opsur]_|github_pat_|glpat-|npm_|hf_|tk_|dop_v1_|xox[abeprs]-)[\w-]{16,256}/gu },
    { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}/gu }, // AWS, Google
    { pattern: /(?<keep>:\/\/[^\s/:@]{1,128}:)[^\s/@]{1,256}(?=@)/gu }, // a password in a URL
    { pattern: /(?<keep>\bbearer )[\w.~+/=-]{16,4096}/giu },
    { pattern: /(?<keep>\b(?:password|passwd|pwd|secret|token|api[_-]?key)["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;]{6,256}/giu },
  ],
  email: [{ pattern: /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu }],
  iban: [{ pattern: /\b[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]){11,30}/giu, lengthOf: ibanLength }],
  card: [{ pattern: /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/gu, lengthOf: cardLength }],
  ip: [
    { pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)/gu },
    {
      pattern: /(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])/giu,
      lengthOf: (found) => (/\d/.test(found) && isIPv6(found) ? found.length : 0),
    },
  ],
  phone: [
    { pattern: /(?<![\w+])\+\d{1,3}(?:[ ().-]{0,2}\d){6,12}(?!\w)/gu },
    { pattern: /(?<![\w.+/-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])/gu }, // North America
    { pattern: /(?<![\w.+/-]|\d )\(?0\d{2,4}\)?[ /-]\d{3,4}(?:[ -]?\d{2,4}){1,3}(?![\w-])|(?<![\w.+/-])0\d{8,11}(?![\w-])/gu },
  ],
}

/** A built-in rule. */
export function builtInRule(name: RuleName): Rule {
  const replacement = `[${name.toUpperCase()}]`
  return {
    name,
    replacement,
    apply: (text, count) => patterns[name].reduce((redacted, pattern) => replaceMatches(redacted, pattern, replacement, count), text),
  }
}

function replaceMatches(text: string, { pattern, lengthOf }: Pattern, replacement: string, count: () => void): string {
  let redacted = ''
  let done = 0
  pattern.lastIndex = 0
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const length = lengthOf?.(found[0]) ?? found[0].length
    if (length === 0) {
      pattern.lastIndex = found.index + 1
      continue
    }
    count()
    redacted += text.slice(done, found.index) + (found.groups?.['keep'] ?? '') + replacement
    done = found.index + length
    pattern.lastIndex = done
  }
  return done === 0 ? text : redacted + text.slice(done)
}
