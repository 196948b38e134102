/** Personal data and secrets that a pattern can find, taken out of a text. */

/** What is taken out, most specific first: an earlier pattern's match is never seen by a later one. */
const patterns: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: 'url', pattern: /\b(?:https?|ftp|wss?):\/\/[^\s<>"']+|\bwww\.[^\s<>"']+/giu },
  { kind: 'email', pattern: /[\p{L}\p{N}._%+-]{1,64}\s?@\s?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/giu },
  { kind: 'key', pattern: /\b(?:sk|pk|rk|ghp|gho|ghs|xox[abps]|glpat|AKIA|AIza|eyJ)[-_\w]{8,}(?:\.[-_\w]+)*/gu },
  // A long run of letters and digits mixed is an id, a hash or a token, never a word.
  { kind: 'key', pattern: /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,}\b/gu },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{4}){3,7}(?:[ -]?[A-Z\d]{1,3})?\b/gu },
  { kind: 'url', pattern: /\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|dev|app|ai|co|info|biz|eu|de|fr|uk|us)\b(?:\/[^\s<>"']*)?/giu },
  { kind: 'ip', pattern: /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[\da-f]{1,4}:){3,7}[\da-f]{1,4}\b/giu },
  { kind: 'phone', pattern: /\+\d(?:[\s().-]?\d){6,14}\b|(?<![\d.])\(?0\d{1,4}\)?(?:[\s.-]?\d){5,10}\b|\b\d{3}[\s.-]\d{3}[\s.-]\d{4}\b/gu },
  // Orders, accounts, cards, dates, amounts. Two digits and less say nothing about a person.
  { kind: 'number', pattern: /(?<![\p{L}\d])#?\d[\d.,:/ -]*\d{2,}(?![\p{L}\d])|(?<![\p{L}\d])#?\d{3,}(?![\p{L}\d])/gu },
  { kind: 'id', pattern: /\b(?=[A-Z\d-]*\d{3})(?=[A-Z\d-]*[A-Z])[A-Z\d][A-Z\d-]{4,}\b/gu },
]

const maxLength = 2000 // characters; more tells nothing about a topic, and bounds what a hostile text costs

const mayHold = /[\d@]|:\/\/|www\.|\.[a-z]{2}|[-_\w]{16}/iu

/**
 * Replaces e-mail addresses, phone numbers, long numbers, URLs, IP addresses, IBANs, keys and ids.
 * Names of people have no pattern: they stay. Of long texts the first 2000 characters are kept.
 * @param replacement what stands in for a match; by default its kind in brackets, as `[email]`
 */
export function redact(text: string, replacement: (kind: string) => string = (kind) => `[${kind}]`): string {
  const start = text.slice(0, maxLength)
  if (!mayHold.test(start)) return start
  return patterns.reduce((redacted, { kind, pattern }) => redacted.replace(pattern, () => replacement(kind)), start)
}
