import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TLSSocket } from 'node:tls'
import * as grpc from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTls } from '../../src/receive/tls-files.ts'
import { tracesRequest } from '../otlp.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

// Two self-signed pairs for localhost, made for these tests and valid for a hundred years.
const pem = (name: string): string => fileURLToPath(new URL(`testdata/${name}.pem`, import.meta.url))

describe('receivers.otlp.protocols.{http,grpc}.tls', () => {
  let directory: string
  let files: { certFile: string; keyFile: string }
  let collector: TestCollector

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'turret-tls-'))
    files = { certFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') }
    await use('first')
    const tls = (protocol: string): string =>
      `yaml:receivers::otlp::protocols::${protocol}::tls: {cert_file: ${files.certFile}, key_file: ${files.keyFile}}`
    collector = await startTestCollector({ config: [tls('http'), tls('grpc')] })
  })
  afterAll(async () => {
    await collector.dispose()
    await rm(directory, { recursive: true, force: true })
  })

  async function use(name: 'first' | 'second'): Promise<void> {
    await copyFile(pem(`${name}.key`), files.keyFile)
    await copyFile(pem(`${name}.cert`), files.certFile)
  }

  it('serves HTTPS', async () => {
    const { status, body } = await getSecurely(`${collector.url}/health`, 'first')

    expect(collector.url).toMatch(/^https:/)
    expect(status).toBe(200)
    expect(body).toContain('Server available')
  })

  it('serves gRPC with TLS, and not without', async () => {
    expect(await exportSecurely(collector.grpcPort, 'first')).toBe(grpc.status.OK)
    expect(await exportSecurely(collector.grpcPort, undefined)).toBe(grpc.status.UNAVAILABLE)
  })

  it('takes a new certificate into use without a restart, and keeps the old one while the new one is broken', async () => {
    await writeFile(files.certFile, 'half a certificate')
    await eventually(async () => expect(collector.log.join()).toContain('the new certificate cannot be used'))
    expect((await getSecurely(`${collector.url}/health`, 'first')).status).toBe(200)

    await use('second')

    await eventually(async () => expect((await getSecurely(`${collector.url}/health`, 'second')).status).toBe(200))
    await eventually(async () => expect(await exportSecurely(collector.grpcPort, 'second')).toBe(grpc.status.OK))
  }, 40_000)

  it('says which file is missing, and when key and certificate do not belong together', () => {
    expect(() => readTls({ ...files, keyFile: '/nowhere/key.pem' })).toThrow('tls: key_file: /nowhere/key.pem cannot be read')
    expect(() => readTls({ certFile: pem('first.cert'), keyFile: pem('second.key') })).toThrow(/are no certificate and its key/)
  })
})

/** @param certificate whom to trust; undefined = a client without TLS */
async function exportSecurely(port: number, certificate: 'first' | 'second' | undefined): Promise<grpc.status> {
  const { createSsl, createInsecure } = grpc.credentials
  const client = new grpc.Client(
    `localhost:${port}`,
    certificate ? createSsl(await readFile(pem(`${certificate}.cert`))) : createInsecure(),
  )
  const pass = (bytes: Buffer): Buffer => bytes
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, pass, pass, tracesRequest([{}]), (error) => {
      client.close()
      resolve(error?.code ?? grpc.status.OK)
    })
  })
}

async function getSecurely(url: string, certificate: 'first' | 'second'): Promise<{ status: number; body: string }> {
  const ca = await readFile(pem(`${certificate}.cert`))
  return new Promise((resolve, reject) => {
    const request = get(url, { ca, agent: false }, (response) => {
      expect((response.socket as TLSSocket).authorized).toBe(true)
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('error', reject)
  })
}
