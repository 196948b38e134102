/** `turret mcp`: gives language models read access to topics, journeys and sessions. */
import { once } from 'node:events'
import { type Command, InvalidArgumentError } from 'commander'
import { serveHttp, serveStdio } from '../mcp/listen.ts'
import { version } from '../version.ts'
import { type ServerOptions, clientOf, withServer } from './options.ts'

interface McpOptions extends ServerOptions {
  readonly http?: boolean
  readonly port: number
}

export function registerMcp(program: Command): void {
  withServer(
    program.command('mcp').description('serve topics, journeys and sessions to a language model (Model Context Protocol, read-only)'),
  )
    .option('--http', 'serve HTTP on loopback instead of stdin and stdout')
    .option('--port <n>', 'of --http', toPort, 4320)
    .action(async (options: McpOptions) => {
      const client = clientOf(options)
      if (!options.http) return serveStdio(client, version)
      const server = await serveHttp(client, version, options.port)
      process.stderr.write(`MCP server at ${server.url}\n`)
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
      await server.close()
    })
}

function toPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('expected a port, 0 to 65535')
}
