/** Which project a client may read: by the gateway's own key, or by an API key with the scope `read`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { CollectorError } from '../errors.ts'
import type { Keys } from '../keys/keys.ts'
import { GatewayError } from './gateway-error.ts'
import { header } from './request.ts'

export interface GatewayKeys {
  readonly keys: Pick<Keys, 'authenticate' | 'hasKeys' | 'isOpen'>
  /** The gateway's own key, which then is the only one. */
  readonly ownKey: string | undefined
  /** What the own key may read. */
  readonly project: string
  readonly isLoopback: boolean
}

/** @throws Error where the gateway would be open to the network */
export function refuseOpenGateway({ keys, ownKey, isLoopback }: GatewayKeys, host: string): void {
  if (isLoopback || ownKey !== undefined || keys.hasKeys) return
  throw new Error(`extensions::clickhouse_gateway: listens on ${host}, which others can reach, and has no key: set "key", or API keys`)
}

/**
 * The project of this request. The user name may be anything.
 * @throws GatewayError 194 without a key, 516 with a wrong one
 */
export function authenticateGateway(request: IncomingMessage, url: URL, { keys, ownKey, project, isLoopback }: GatewayKeys): string {
  const key = sentKey(request, url)
  if (ownKey !== undefined) {
    if (key === undefined) throw new GatewayError('unauthenticated', 'a key is required: send it as the password')
    if (!isSame(key, ownKey)) throw new GatewayError('wrongKey', 'the key is wrong')
    return project
  }
  // Without keys Turret is open on loopback; keys that have expired since must not open this door to the network.
  if (keys.isOpen ? !isLoopback : key === undefined) {
    throw new GatewayError('unauthenticated', 'an API key with the scope read is required: send it as the password')
  }
  try {
    const caller = keys.authenticate(key === undefined ? {} : { 'x-api-key': key }, 'read')
    if (caller.kAnonymity > 0) throw new GatewayError('wrongKey', 'a key with k-anonymity asks the HTTP API: SQL would show single users')
    return caller.project
  } catch (error) {
    if (error instanceof CollectorError) throw new GatewayError('wrongKey', error.message, { cause: error })
    throw error
  }
}

/** As ClickHouse's clients send a password, and as Turret's clients send a key. */
function sentKey(request: IncomingMessage, url: URL): string | undefined {
  const authorization = header(request, 'authorization') ?? ''
  const basic = /^Basic\s+(\S+)$/i.exec(authorization)?.[1]
  const password = basic && Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':')
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1]
  const key = password || bearer || header(request, 'x-clickhouse-key') || header(request, 'x-api-key') || url.searchParams.get('password')
  return key || undefined
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
