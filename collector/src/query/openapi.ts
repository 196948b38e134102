/** The OpenAPI 3.1 document of the query API, made from its routes. */
import { z } from 'zod'
import { apiError } from './contract/common.ts'
import { type Route, routes } from './contract/routes.ts'
import { formats } from './formats.ts'
import { shapeOf } from './parse-query.ts'

type Json = Record<string, unknown>

const errorStatuses = {
  400: 'The request is wrong; `faults` names every fault',
  401: 'No API key, or one that is unknown, revoked or expired',
  403: 'The API key lacks the scope',
  404: 'There is no such thing',
  422: 'The engine stopped the query at its time or memory limit',
  503: 'ClickHouse does not answer',
} as const

export function toOpenApi(version: string): Json {
  const paths: Record<string, Json> = {}
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: toOperation(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Turret query API',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Topics, journeys, sessions and segments of AI applications. Times may be RFC 3339 or relative, such as now-7d.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }, { bearer: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' }, bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: toSchema(apiError, 'output') },
    },
  }
}

function toOperation(operationId: string, route: Route): Json {
  const error = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }
  return {
    operationId,
    summary: route.summary,
    description: `Needs the scope \`${route.scope}\`.`,
    parameters: [...pathParameters(route.path), ...(route.query === undefined ? [] : queryParameters(shapeOf(route.query), ''))],
    ...(route.body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: toSchema(route.body, 'input') } } },
    }),
    responses: {
      200: { description: 'The answer', content: toContent(route) },
      ...Object.fromEntries(Object.entries(errorStatuses).map(([status, description]) => [status, { description, ...error }])),
    },
  }
}

function toContent(route: Route): Json {
  const answer = toSchema(route.answer, 'output')
  const json = { 'application/json': { schema: answer } }
  if (route.list === undefined) return json
  const rows = {
    schema: { type: 'string', description: `The rows of \`${route.list}\`; the next page's cursor is in the header X-Next-Cursor` },
  }
  return { ...json, [formats.ndjson]: rows, [formats.csv]: rows }
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}

function queryParameters(shape: Readonly<Record<string, z.ZodType>>, prefix: string): Json[] {
  return Object.entries(shape).flatMap(([name, schema]): Json[] => {
    if (name === 'segments') return [freeParameter(`${prefix}segment.<field>`, 'Values of an enum field, with commas between')]
    if (name === 'ranges') return [freeParameter(`${prefix}range.<field>`, 'min..max of a number field; either end may be empty')]
    if (prefix === '' && (name === 'a' || name === 'b')) return queryParameters(shapeOf(schema), `${name}.`)
    const { description, ...rest } = toSchema(schema, 'input')
    return [
      {
        name: prefix + name,
        in: 'query',
        required: !schema.safeParse(undefined).success,
        ...(description !== undefined && { description }),
        schema: rest,
      },
    ]
  })
}

function freeParameter(name: string, description: string): Json {
  return { name, in: 'query', required: false, description, schema: { type: 'string' } }
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}
