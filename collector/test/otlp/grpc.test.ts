/** Statement 19: OTLP over gRPC, the default of several SDKs, answers as the specification says. */
import * as grpc from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, startTestCollector } from '../running-collector.ts'
import { call } from '../extract/spans.ts'
import { decode, logsRequest, tracesRequest } from '../otlp.ts'

const paths = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
} as const

interface Outcome {
  readonly code: grpc.status
  readonly message: string
  readonly bytes: Buffer
  readonly details: Buffer | undefined
}

function exportTo(port: number, signal: keyof typeof paths, body: Buffer, headers: Record<string, string> = {}): Promise<Outcome> {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
  const metadata = new grpc.Metadata()
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value)
  const pass = (bytes: Buffer): Buffer => bytes
  return new Promise((resolve) => {
    client.makeUnaryRequest(paths[signal], pass, pass, body, metadata, (error, answer) => {
      client.close()
      const details = error?.metadata.get('grpc-status-details-bin')[0]
      resolve({
        code: error?.code ?? grpc.status.OK,
        message: error?.details ?? '',
        bytes: answer ?? Buffer.alloc(0),
        details: Buffer.isBuffer(details) ? details : undefined,
      })
    })
  })
}

describe('OTLP over gRPC', () => {
  let collector: TestCollector
  beforeAll(async () => {
    collector = await startTestCollector()
  })
  afterAll(() => collector.dispose())

  it('takes traces, logs and metrics; full success is an empty answer', async () => {
    const answers = [
      await exportTo(collector.grpcPort, 'traces', tracesRequest([{}])),
      await exportTo(collector.grpcPort, 'logs', logsRequest([{ body: 'hello' }])),
      await exportTo(collector.grpcPort, 'metrics', Buffer.from([10, 0])),
    ]

    for (const { code, bytes } of answers) expect([code, bytes.length]).toEqual([grpc.status.OK, 0])
  })

  it('finds events as over HTTP', async () => {
    await exportTo(collector.grpcPort, 'traces', tracesRequest([call([['user', 'Does gRPC work?']])]))
    await collector.stored()

    const rows = await collector.db.query(`SELECT Text FROM events WHERE Text = 'Does gRPC work?'`)
    expect(rows).toHaveLength(1)
  })

  it('takes gzip', async () => {
    const client = new grpc.Client(`127.0.0.1:${collector.grpcPort}`, grpc.credentials.createInsecure(), {
      'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
    })
    const pass = (bytes: Buffer): Buffer => bytes
    const error = await new Promise((resolve) => {
      client.makeUnaryRequest(paths.traces, pass, pass, tracesRequest([{}]), (failure) => resolve(failure))
    })
    client.close()

    expect(error).toBeNull()
  })

  it('reports partial success', async () => {
    const { code, bytes } = await exportTo(collector.grpcPort, 'traces', tracesRequest([{ spanId: 'ab' }, {}]))

    expect(code).toBe(grpc.status.OK)
    expect(decode('response', bytes)).toEqual({
      partialSuccess: { rejected: '1', errorMessage: '1 span: span_id must be 8 bytes, not all zero' },
    })
  })

  it('answers INVALID_ARGUMENT to undecodable data and RESOURCE_EXHAUSTED to what is too large: neither is sent again', async () => {
    const undecodable = await exportTo(collector.grpcPort, 'traces', Buffer.from([10, 200, 1, 1]))
    const large = await exportTo(collector.grpcPort, 'traces', Buffer.alloc(21 * 2 ** 20))

    expect([undecodable.code, undecodable.details]).toEqual([grpc.status.INVALID_ARGUMENT, undefined])
    expect([large.code, large.details]).toEqual([grpc.status.RESOURCE_EXHAUSTED, undefined])
  })

  it('answers UNAVAILABLE with RetryInfo while it cannot take more', async () => {
    const full = await startTestCollector({ config: ['yaml:exporters::clickhouse::spool::max_size: 64B'] })
    try {
      const { code, details } = await exportTo(full.grpcPort, 'traces', tracesRequest([{}]))

      expect(code).toBe(grpc.status.UNAVAILABLE)
      expect(details?.toString('latin1')).toContain('type.googleapis.com/google.rpc.RetryInfo')
    } finally {
      await full.dispose()
    }
  })

  it('asks for a key where one is configured', async () => {
    const keys = 'yaml:{extensions: {api_keys: {keys: [{key: secret-1}]}}, service: {extensions: [api_keys, health_check, query_api]}}'
    const closed = await startTestCollector({ config: [keys] })
    try {
      const codes = [
        await exportTo(closed.grpcPort, 'traces', tracesRequest([{}])),
        await exportTo(closed.grpcPort, 'traces', tracesRequest([{}]), { 'x-api-key': 'wrong' }),
        await exportTo(closed.grpcPort, 'traces', tracesRequest([{}]), { 'x-api-key': 'secret-1' }),
        await exportTo(closed.grpcPort, 'traces', tracesRequest([{}]), { authorization: 'Bearer secret-1' }),
      ].map(({ code }) => code)

      expect(codes).toEqual([grpc.status.UNAUTHENTICATED, grpc.status.UNAUTHENTICATED, grpc.status.OK, grpc.status.OK])
    } finally {
      await closed.dispose()
    }
  })

  it('gives way to a program that has its port, and says so', async () => {
    const second = await startTestCollector({ env: { TURRET_LISTEN_GRPC: `127.0.0.1:${collector.grpcPort}` } })
    try {
      expect(second.log.join('\n')).toContain('OTLP/gRPC is off: its address is in use')
      expect((await fetch(`${second.url}/health`)).status).toBe(200)
    } finally {
      await second.dispose()
    }
  })
})
