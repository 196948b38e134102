import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from 'node:http'
import { type McpHttpServer, serveHttp } from '../../src/mcp/listen.ts'
import { createMcpServer } from '../../src/mcp/server.ts'
import { createQueryApp } from '../../src/query/app.ts'
import { createClient } from '../../src/query/client.ts'
import { idleMs, insertEvents, insertTopics, now, openTestDatabase, type TestDatabase, topic } from '../query/support.ts'

describe('the MCP server', () => {
  let database: TestDatabase
  let server: McpHttpServer
  const client = new McpClient({ name: 'test', version: '1' })

  beforeAll(async () => {
    database = await openTestDatabase()
    await insertTopics(database.db, 2)
    await insertEvents(
      database.db,
      [1, 2, 1].map((anchor, i) => ({ session: 'one', id: `e${i}`, anchor, ago: 86_400 - i * 60, text: `message ${i}` })),
    )
    const app = createQueryApp({
      db: database.db,
      now: () => now,
      idleMs,
      version: '1',
      authenticate: () => ({ project: 'default', keyId: '' }),
    })
    const api = createClient({
      url: 'http://turret',
      fetch: async (url, init) => app.request(url instanceof Request ? url.url : url.toString(), init),
    })
    server = await serveHttp(api, '1.0.0', 0)
    const [near, far] = InMemoryTransport.createLinkedPair()
    await createMcpServer(api, '1.0.0').connect(far)
    await client.connect(near)
  })
  afterAll(async () => {
    await client.close()
    await server.close()
    await database.close()
  })

  const call = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { content } = await client.callTool({ name, arguments: args })
    return JSON.parse((content as { text: string }[])[0]!.text) as Record<string, unknown>
  }

  it('offers read-only tools', async () => {
    const { tools } = await client.listTools()

    expect(tools.map((tool) => tool.name)).toEqual(['topics', 'topic_examples', 'journeys', 'sessions', 'session', 'compare'])
    expect(tools.every((tool) => tool.annotations?.readOnlyHint)).toBe(true)
  })

  it('answers each of them', async () => {
    expect(await call('topics', {})).toMatchObject({ topics: [{ label: 'topic 1', events: 2 }, { label: 'topic 2' }] })
    expect(await call('topic_examples', { topic_id: topic(2) })).toMatchObject({ messages: [{ text: 'message 1' }] })
    expect(await call('journeys', {})).toMatchObject({
      sessions: 1,
      back_and_forth: [{ a: topic(1), b: topic(2) }],
      labels: { [topic(1)]: 'topic 1' },
    })
    expect(await call('sessions', { topic_id: topic(2) })).toMatchObject({ sessions: [{ session_id: 'one' }] })
    expect(await call('session', { session_id: 'one' })).toMatchObject({ session_id: 'one', turns: 3 })
    expect(await call('compare', { a: { from: 'now-2d' }, b: { from: 'now-1h' } })).toMatchObject({
      a: { sessions: 1 },
      b: { sessions: 0 },
    })
  })

  it('tells the model what was wrong with a call', async () => {
    const answer = await client.callTool({ name: 'session', arguments: { session_id: 'none' } })

    expect(answer.isError).toBe(true)
    expect(JSON.stringify(answer.content)).toContain('there is no such session')
  })

  it('serves HTTP on loopback, but not under a foreign host name', async () => {
    const url = new URL(server.url)

    expect(await post(url, url.host)).toEqual({ status: 200, body: '{"result":{},"jsonrpc":"2.0","id":1}' })
    expect((await post(url, 'evil.example')).status).toBe(403)
  })
})

/** Sends a ping, as the client of a host name that resolves to loopback would. */
function post(url: URL, host: string): Promise<{ status: number; body: string }> {
  const headers = { host, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
      .on('error', reject)
      .end('{"jsonrpc":"2.0","id":1,"method":"ping"}')
  })
}
