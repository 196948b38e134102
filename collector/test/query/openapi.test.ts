import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toApiDocument } from './api-document.ts'
import { routes } from '../../src/query/contract/routes.ts'
import { toOpenApi } from '../../src/query/openapi.ts'

interface Document {
  openapi: string
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string
        parameters: { name: string; in: string; required: boolean }[]
        responses: Record<string, { content: Record<string, object> }>
      }
    >
  >
}

const document = toOpenApi('1.0.0') as unknown as Document
const reference = new URL('../../../docs/api.md', import.meta.url)

describe('the OpenAPI document', () => {
  it('has every route, once', () => {
    const ids = Object.values(document.paths).flatMap((operations) => Object.values(operations).map((operation) => operation.operationId))

    expect(document.openapi).toBe('3.1.0')
    expect(ids.sort()).toEqual(Object.keys(routes).sort())
  })

  it('names filters as they are written in a query', () => {
    const names = document.paths['/journeys']?.['get']?.parameters.map((parameter) => parameter.name)
    const sides = document.paths['/compare']?.['get']?.parameters.map((parameter) => parameter.name)

    expect(names).toEqual(expect.arrayContaining(['from', 'segment.<field>', 'range.<field>', 'level', 'depth']))
    expect(sides).toEqual(expect.arrayContaining(['a.from', 'b.segment.<field>', 'limit']))
  })

  it('says which parameters a route cannot do without', () => {
    const required = document.paths['/funnel']?.['get']?.parameters
      .filter((parameter) => parameter.required)
      .map((parameter) => parameter.name)

    expect(required).toEqual(['steps'])
  })

  it('is what docs/api.md says', () => {
    const text = readFileSync(reference, 'utf8')
    const [head] = text.split('## Reference\n')
    const expected = `${head}## Reference\n\n${toApiDocument()}`
    if (process.env['UPDATE_DOCS']) writeFileSync(reference, expected)

    expect(readFileSync(reference, 'utf8')).toBe(expected)
  })
})
