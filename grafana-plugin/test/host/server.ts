/** Serves the mini host on loopback: its page, the built plugin, the settings, and the proxy to a collector. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, resolve } from 'node:path'
import { buildHost } from './build.ts'

const root = resolve(import.meta.dirname, '../..')
const id = 'turret-topics-app'

/** The settings that Grafana would keep; the key is written, never read back. */
export interface HostSettings {
  apiUrl: string
  apiKey: string
}

export interface Host {
  readonly url: string
  readonly settings: HostSettings
  readonly close: () => Promise<void>
}

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
}

/**
 * Starts the host on a free port of loopback.
 * @param packages directory of the `node_modules` whose Grafana packages the host is made of
 */
export async function startHost(
  settings: HostSettings,
  { port = 0, packages = root }: { port?: number; packages?: string } = {},
): Promise<Host> {
  const hostFile = await buildHost(packages)
  const icons = resolve(packages, 'node_modules/@grafana/ui/dist/public')
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      response.writeHead(500).end(error.message)
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://host')
    const proxied = [`/api/plugin-proxy/${id}/api`, '/api/datasources/proxy/uid/turret/api'].find((prefix) => pathname.startsWith(prefix))
    if (proxied !== undefined) {
      return proxy(request, response, pathname.slice(proxied.length) + search)
    }
    if (pathname === `/api/plugins/${id}/settings`) {
      return answerSettings(request, response)
    }
    const file = toFile(pathname)
    const body = await readFile(file).catch(() => readStandIn(file))
    if (body === undefined) {
      response.writeHead(404).end()
      return undefined
    }
    const caching = file === hostFile ? 'max-age=86400' : 'no-store' // the built plugin may change under a preview
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain', 'cache-control': caching }).end(body)
    return undefined
  }

  function toFile(pathname: string): string {
    const path = normalize(decodeURIComponent(pathname))
    if (path === '/host.js') {
      return hostFile
    }
    const plugin = `/public/plugins/${id}/`
    if (path.startsWith(plugin)) {
      return join(root, 'dist', path.slice(plugin.length))
    }
    if (path.startsWith('/public/fonts/')) {
      const font = path.includes('/roboto/') ? 'roboto-mono' : 'inter'
      const weight = path.includes('Medium') ? 500 : 400
      return join(root, `node_modules/@fontsource/${font}/files/${font}-latin-${weight}-normal.woff2`)
    }
    const shared = /^\/public\/(?:build\/)?(img\/.*)$/.exec(path)
    if (shared) {
      return join(icons, shared[1] ?? '')
    }
    return join(import.meta.dirname, extname(path) === '' || path.startsWith('/a/') ? 'index.html' : 'none')
  }

  async function proxy(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request)
    const answer = await fetch(`${settings.apiUrl}/api/v1${path}`, {
      method: request.method ?? 'GET',
      headers: { 'X-API-Key': settings.apiKey, ...(body.length > 0 ? { 'content-type': 'application/json' } : {}) },
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    }).catch(() => undefined)
    if (answer === undefined) {
      response.writeHead(502).end()
      return
    }
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      .end(Buffer.from(await answer.arrayBuffer()))
  }

  async function answerSettings(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') {
      const { jsonData = {}, secureJsonData = {} } = JSON.parse((await readBody(request)).toString())
      settings.apiUrl = jsonData.apiUrl ?? settings.apiUrl
      settings.apiKey = secureJsonData.apiKey ?? settings.apiKey
    }
    const body = {
      enabled: true,
      pinned: true,
      jsonData: { apiUrl: settings.apiUrl },
      secureJsonFields: { apiKey: settings.apiKey !== '' },
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  server.keepAliveTimeout = 0 // a connection that is closed while a client takes it up again is a failed request
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${bound}`,
    settings,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

/** `@grafana/ui` ships most of Grafana's icons; a missing arrow to the left is its mirror image, anything else stays blank. */
async function readStandIn(file: string): Promise<Buffer | undefined> {
  if (!file.endsWith('.svg')) {
    return undefined
  }
  const mirrored = await readFile(file.replace('-left', '-right'), 'utf8').catch(
    () => '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>',
  )
  return Buffer.from(mirrored.replace(/(<svg[^>]*>)(.*)<\/svg>/s, '$1<g transform="matrix(-1 0 0 1 24 0)">$2</g></svg>'))
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) {
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}
