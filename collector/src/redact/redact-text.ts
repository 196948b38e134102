/** Applies rules to one text, whatever it is: plain words, or JSON that holds them. */
import type { Rule } from './rules.ts'

const stringLiteral = /"(?:[^"\\]|\\.)*"/gsu
const maxDepth = 4 // JSON inside a string of JSON, as tracing attributes have it

/**
 * The text without what the rules match; the very same string when nothing does.
 * Inside JSON each string is read as what it means: in `"\njane@example.com"` the n is no part of the address.
 */
export function redactText(text: string, rules: readonly Rule[], count: (rule: string) => void, depth = 0): string {
  if (depth < maxDepth && isJson(text)) {
    return text.replace(stringLiteral, (literal: string) => {
      const inner = JSON.parse(literal) as string
      const redacted = redactText(inner, rules, count, depth + 1)
      return redacted === inner ? literal : JSON.stringify(redacted)
    })
  }
  return rules.reduce((redacted, rule) => rule.apply(redacted, () => count(rule.name)), text)
}

function isJson(text: string): boolean {
  const start = text.trimStart()[0]
  if (start !== '{' && start !== '[') return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
