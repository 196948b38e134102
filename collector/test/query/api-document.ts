/** The reference part of `docs/api.md`, made from the OpenAPI document, so that it cannot say anything else. */
import { toOpenApi } from '../../src/query/openapi.ts'

interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly items?: Schema
  readonly default?: unknown
  readonly description?: string
}

interface Parameter {
  readonly name: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

interface Body {
  readonly properties: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

interface Operation {
  readonly summary: string
  readonly description: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Body } } }
  readonly responses: { readonly 200: { readonly content: Readonly<Record<string, unknown>> } }
}

/** Filters stand on every reading route: they are explained once. */
const common = new Set(['from', 'to', 'name', 'user_id', 'session_id', 'topic_id', 'dimension', 'segment.<field>', 'range.<field>'])

/** Markdown: one section per route. */
export function toApiDocument(): string {
  const { paths } = toOpenApi('') as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths)
    .flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => toSection(path, method, operation)))
    .join('\n')
}

function toSection(path: string, method: string, { summary, description, parameters, requestBody, responses }: Operation): string {
  const own = parameters.filter(({ name }) => !common.has(name.replace(/^[ab]\./, '')))
  const hasFilters = parameters.some(({ name }) => name === 'segment.<field>')
  const hasSides = parameters.some(({ name }) => name.startsWith('a.'))
  const forms = Object.keys(responses[200].content).filter((type) => type !== 'application/json')
  return [
    `### \`${method.toUpperCase()} /api/v1${path}\`\n`,
    `${summary}. ${description}`,
    hasFilters ? ' Takes the filters.' : '',
    hasSides ? ' Takes the filters twice, behind `a.` and `b.`.' : '',
    forms.length > 0 ? ` Also as ${forms.map((type) => `\`${type}\``).join(' and ')}.` : '',
    '\n',
    toTable('parameter', own),
    requestBody === undefined ? '' : toTable('in the body', toFields(requestBody.content['application/json'].schema)),
  ].join('')
}

function toFields({ properties, required = [] }: Body): Parameter[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) }))
}

function toTable(head: string, rows: readonly Parameter[]): string {
  return rows.length === 0 ? '' : `\n| ${head} | |\n|---|---|\n${rows.map(toRow).join('')}`
}

function toRow({ name, schema, description, required }: Parameter): string {
  const parts = [
    (schema.enum ?? schema.items?.enum ?? []).map((value) => `\`${value}\``).join(', '),
    description ?? schema.description ?? schema.items?.description ?? '',
    required === true ? 'required' : '',
    schema.default === undefined ? '' : `default \`${JSON.stringify(schema.default)}\``,
  ]
  return `| \`${name}\` | ${parts.filter((part) => part !== '').join('; ')} |\n`
}
