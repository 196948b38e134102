import type { IncomingMessage, ServerResponse } from 'node:http'
export function createQuery(_options: object): { listener: (request: IncomingMessage, response: ServerResponse) => void; stop(): void } {
  return { listener: (_request, response) => void response.writeHead(404).end(), stop() {} }
}
