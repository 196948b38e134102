/** `processors.redaction`: removes personal data and secrets before anything is stored. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { defaultSection, section } from '../schema.ts'

const rules = ['email', 'phone', 'card', 'iban', 'ip', 'secret'] as const

const pattern = z.string().superRefine((source, context) => {
  try {
    void new RegExp(source, 'gu')
  } catch {
    context.addIssue({ code: 'custom', message: 'expected a JavaScript regular expression' })
  }
})

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
        pattern: pattern.describe('JavaScript regular expression, with the flags `gu`.'),
        replacement: z.string().default('[REDACTED]').describe('Text to put in the place of a match.'),
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
