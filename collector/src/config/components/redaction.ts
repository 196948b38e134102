/** `processors.redaction`: removes personal data and secrets before anything is stored. */
import { RE2JS } from 're2js'
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { defaultSection, section } from '../schema.ts'

const rules = ['email', 'phone', 'card', 'iban', 'ip', 'secret'] as const

const pattern = z.string().superRefine((source, context) => {
  try {
    if (RE2JS.compile(RE2JS.translateRegExp(source)).matches('')) context.addIssue({ code: 'custom', message: 'matches the empty text' })
  } catch {
    context.addIssue({ code: 'custom', message: 'expected a regular expression in RE2 syntax, without look-around and back-references' })
  }
})

// It may come to stand inside a string of JSON.
const replacement = z.string().regex(/^[^"\\\p{Cc}]*$/u, 'must not hold quotes, backslashes or control characters')

const attributeNames = z.array(z.string().min(1)).default([])

const schema = section({
  rules: z
    .array(z.enum(rules))
    .default([...rules])
    .describe('Built-in rules to apply: `email`, `phone`, `card`, `iban`, `ip`, `secret`.'),
  custom: z
    .array(
      section({
        name: z.string().min(1).describe('Name of the rule, for counters.'),
        pattern: pattern.describe('Regular expression in RE2 syntax: matching takes time in proportion to the text.'),
        replacement: replacement.default('[REDACTED]').describe('Text to put in the place of a match.'),
      }),
    )
    .default([])
    .describe('Rules of your own, applied after the built-in ones.'),
  attributes: defaultSection({
    allow: attributeNames.describe('Attribute keys to keep; `*` at the end stands for any rest. Empty: all.'),
    deny: attributeNames.describe('Attribute keys to remove; wins over `allow`.'),
  }),
})

export type RedactionConfig = z.output<typeof schema>

export const redaction: ComponentDefinition<RedactionConfig> = {
  kind: 'processors',
  type: 'redaction',
  signals: ['traces', 'logs'],
  schema,
}
