/** `processors.redaction`: takes personal data and secrets out of requests before anything of them is kept. */
import { createHash } from 'node:crypto'
import { RE2JS } from 're2js'
import type { RedactionConfig } from '../config/components/redaction.ts'
import { sessionAttributes, userAttributes } from '../extract/genai/identity.ts'
import { type TextVisitor, logsTexts, redactMessage, tracesTexts } from './redact-message.ts'
import { redactText } from './redact-text.ts'
import { type Rule, builtInRule, ruleNames } from './rules.ts'

export interface Redactor {
  /** ExportTraceServiceRequest in, the same without what the rules match out. @throws WireError when the bytes are not one */
  traces(body: Buffer): Buffer
  /** The same for ExportLogsServiceRequest. */
  logs(body: Buffer): Buffer
  /** What an id of a session or user is stored as: itself, or a pseudonym if a rule matches it. */
  identity(id: string): string
}

export interface RedactorOptions {
  readonly config: RedactionConfig
  /** Attributes that name sessions and users, besides the known ones. */
  readonly identityAttributes?: readonly string[]
  /** Told the rule of each match; `attributes` for each attribute that was removed. */
  readonly count: (rule: string) => void
}

export function createRedactor({ config, identityAttributes = [], count }: RedactorOptions): Redactor {
  const identityKeys = new Set([...sessionAttributes, ...userAttributes, ...identityAttributes])
  const rules = [...ruleNames.filter((name) => config.rules.includes(name)).map(builtInRule), ...config.custom.map(customRule)]
  const isAllowed = toMatcher(config.attributes.allow)
  const isDenied = toMatcher(config.attributes.deny)
  const identity = (id: string): string => {
    const matched = rules.find((rule) => rule.apply(id, () => count(rule.name)) !== id)
    return matched === undefined ? id : pseudonym(id, matched.name)
  }
  const visitor: TextVisitor = {
    text: (value, key) => (identityKeys.has(key) ? identity(value) : redactText(value, rules, count)),
    keepsAttribute(key) {
      const keeps = !isDenied(key) && (config.attributes.allow.length === 0 || isAllowed(key))
      if (!keeps) count('attributes')
      return keeps
    },
  }
  return {
    traces: (body) => redactMessage(body, tracesTexts, visitor),
    logs: (body) => redactMessage(body, logsTexts, visitor),
    identity,
  }
}

/** One constant for every address would make one user of all: people stay apart by a hash. */
function pseudonym(id: string, rule: string): string {
  return `${rule}-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`
}

/** RE2's matching time grows with the text alone, whatever the pattern: a pattern of the operator cannot be turned against them. */
function customRule({ name, pattern, replacement }: RedactionConfig['custom'][number]): Rule {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern))
  return {
    name,
    replacement,
    apply: (text, count) =>
      compiled.matcher(text).replaceAll(() => {
        count()
        return replacement
      }),
  }
}

/** `*` at the end of a name stands for any rest. */
function toMatcher(names: readonly string[]): (key: string) => boolean {
  const exact = new Set(names.filter((name) => !name.endsWith('*')))
  const prefixes = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
  return (key) => exact.has(key) || prefixes.some((prefix) => key.startsWith(prefix))
}
