/** docs/configuration.md lists exactly the keys of the schemas, with their defaults and meanings. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { definitions } from '../../src/config/definitions.ts'
import { type Field, fieldsOf } from '../../src/config/fields.ts'
import { telemetrySchema } from '../../src/config/read-service.ts'

const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')

const sections = [
  ...definitions.map(({ kind, type, schema }) => ({ title: `${kind}.${type}`, schema })),
  { title: 'service.telemetry', schema: telemetrySchema },
]

/** The lines of a schema's table, as the page should have them. */
function tableOf(fields: readonly Field[]): string[] {
  const rows = fields
    .filter(({ path, kind, default: fallback }) => path.at(-1) !== '*' && !(kind === 'section' && fallback !== undefined))
    .map((field) => `| \`${keyOf(field)}\` | ${defaultOf(field)} | ${field.description} |`)
  return ['| key | default | meaning |', '|---|---|---|', ...rows]
}

function keyOf({ path }: Field): string {
  return path.join('.').replaceAll('.*', '[]')
}

function defaultOf({ default: fallback, required }: Field): string {
  if (fallback === undefined) return required ? 'required' : '–'
  if (Array.isArray(fallback)) return `\`[${fallback.join(', ')}]\``
  if (typeof fallback === 'object') return '`{}`'
  return fallback === '' ? '`""`' : `\`${JSON.stringify(fallback).replaceAll('"', '')}\``
}

describe('docs/configuration.md', () => {
  it.each(sections.map(({ title, schema }) => [title, schema] as const))('lists the keys of %s', (title, schema) => {
    const [, rest = ''] = page.split(`\n### ${title}\n`)
    const table = rest
      .split(/\n#+ /)[0]!
      .split('\n')
      .filter((line) => line.startsWith('|'))

    expect(table).toEqual(tableOf(fieldsOf(schema)))
  })

  it('describes no component that there is not', () => {
    const titles = [...page.matchAll(/^### ([a-z]+\.[a-z_]+)$/gm)].map(([, title]) => title)

    expect(new Set(titles)).toEqual(new Set(sections.map(({ title }) => title)))
  })
})
