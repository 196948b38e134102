/** The MCP server on its two transports: a pipe to one client, or HTTP on loopback. */
import { serve } from '@hono/node-server'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Client } from '../query/client.ts'
import { createMcpServer } from './server.ts'

export interface McpHttpServer {
  /** Such as `http://127.0.0.1:4320/mcp`. */
  readonly url: string
  close(): Promise<void>
}

/** Serves the client at the other end of stdin and stdout. Resolves when it hangs up. */
export async function serveStdio(client: Client, version: string): Promise<void> {
  const server = createMcpServer(client, version)
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve
    process.stdin.once('end', () => void server.close())
  })
  await server.connect(new StdioServerTransport())
  await closed
}

/**
 * Serves `POST /mcp` on loopback. Every request is a session of its own, as nothing here has a state.
 * Only requests addressed to loopback are answered, so that a web page cannot reach it under another name.
 */
export async function serveHttp(client: Client, version: string, port: number): Promise<McpHttpServer> {
  let allowedHosts: string[] = []
  const fetch = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname !== '/mcp') return new Response('the MCP endpoint is /mcp', { status: 404 })
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: true,
      enableDnsRebindingProtection: true,
      allowedHosts,
    })
    await createMcpServer(client, version).connect(transport)
    return transport.handleRequest(request)
  }
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1' }, (address) => {
      allowedHosts = [`127.0.0.1:${address.port}`, `localhost:${address.port}`]
      const close = (): Promise<void> => new Promise((done, failed) => server.close((error) => (error ? failed(error) : done())))
      resolve({ url: `http://127.0.0.1:${address.port}/mcp`, close })
    })
    server.once('error', reject)
  })
}
