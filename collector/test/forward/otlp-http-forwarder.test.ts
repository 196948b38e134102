/** What is accepted goes on to other backends, byte for byte, and none of them holds up another. */
import { afterEach, describe, expect, it } from 'vitest'
import { otlpHttpExporter } from '../../src/config/components/otlp-http-exporter.ts'
import { OtlpHttpForwarder } from '../../src/forward/otlp-http-forwarder.ts'
import { parseRetryAfter } from '../../src/forward/send-otlp.ts'
import { type Logger, Metrics } from '../../src/telemetry.ts'
import { eventually } from '../running-collector.ts'
import { type Sink, startSink } from './sink.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function sink(...args: Parameters<typeof startSink>): Promise<Sink> {
  const started = await startSink(...args)
  ends.push(() => started.close())
  return started
}

function forwarder(body: Record<string, unknown>): { forward: OtlpHttpForwarder; metrics: Metrics; log: string[] } {
  const metrics = new Metrics()
  const log: string[] = []
  const write = (message: string, fields?: object): void => void log.push(`${message} ${JSON.stringify(fields)}`)
  const logger: Logger = { info: write, warn: write, error: write, debug: write }
  const forward = new OtlpHttpForwarder({ id: 'otlp_http', config: otlpHttpExporter.schema.parse(body), logger, metrics })
  ends.push(() => forward.stop(AbortSignal.abort()))
  return { forward, metrics, log }
}

const quick = { initial_interval: '10ms', max_interval: '20ms' }
const count = async (metrics: Metrics, name: string): Promise<number> =>
  ((await metrics.registry.getSingleMetric(name)?.get())?.values ?? []).reduce((sum, { value }) => sum + value, 0)

describe('exporters.otlp_http', () => {
  it('sends the bytes that came, compressed, with its headers, to the path of their signal', async () => {
    const backend = await sink()
    const { forward, metrics } = forwarder({ endpoint: `${backend.url}/otlp/`, headers: { 'x-api-key': 'k' } })

    forward.traces(Buffer.from('spans'), 3)
    forward.logs(Buffer.from('records'), 2)
    await forward.stop(AbortSignal.timeout(5000))

    expect(backend.received.map(({ path, body }) => [path, body.toString()])).toEqual(
      expect.arrayContaining([
        ['/otlp/v1/traces', 'spans'],
        ['/otlp/v1/logs', 'records'],
      ]),
    )
    expect(backend.received[0]!.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'x-api-key': 'k',
    })
    expect([await count(metrics, 'otelcol_exporter_sent_spans'), await count(metrics, 'otelcol_exporter_sent_log_records')]).toEqual([3, 2])
  })

  it('uses an endpoint of one signal as it is', async () => {
    const backend = await sink()
    const { forward } = forwarder({ traces_endpoint: `${backend.url}/ingest`, compression: 'none' })

    forward.traces(Buffer.from('spans'), 1)
    await forward.stop(AbortSignal.timeout(5000))

    expect(backend.received.map(({ path }) => path)).toEqual(['/ingest'])
    expect(backend.received[0]!.headers['content-encoding']).toBeUndefined()
  })

  it('tries again after a failure that may pass, and waits as long as it is asked to', async () => {
    const times: number[] = []
    const backend = await sink((response, attempt) => {
      times.push(performance.now())
      if (attempt === 1) response.writeHead(503, { 'retry-after': '1' }).end()
      else response.writeHead(200).end()
    })
    const { forward, metrics, log } = forwarder({ endpoint: backend.url, retry_on_failure: quick })

    forward.traces(Buffer.from('spans'), 1)
    await forward.stop(AbortSignal.timeout(5000))

    expect(backend.received).toHaveLength(1)
    expect(times[1]! - times[0]!).toBeGreaterThan(990)
    expect(await count(metrics, 'otelcol_exporter_sent_spans')).toBe(1)
    expect(log.map((line) => line.split(' {')[0])).toEqual(['forwarding fails, trying again', 'forwarding again'])
  })

  it('gives up at once what the backend will never take, and counts it', async () => {
    const backend = await sink((response) => response.writeHead(400).end())
    const { forward, metrics, log } = forwarder({ endpoint: backend.url, retry_on_failure: quick })

    forward.traces(Buffer.from('spans'), 4)
    await forward.stop(AbortSignal.timeout(5000))

    expect(backend.attempts).toHaveLength(1)
    expect(await count(metrics, 'otelcol_exporter_send_failed_spans')).toBe(4)
    expect(log.join()).toContain('status 400')
  })

  it('gives up after the longest time it may try', async () => {
    const { forward, metrics } = forwarder({ endpoint: 'http://127.0.0.1:1', retry_on_failure: { ...quick, max_elapsed_time: '100ms' } })

    forward.traces(Buffer.from('spans'), 1)
    await forward.stop(AbortSignal.timeout(5000))

    expect(await count(metrics, 'otelcol_exporter_send_failed_spans')).toBe(1)
  })

  it('drops and counts what its queue cannot take, and never makes anyone wait', async () => {
    const backend = await sink(() => undefined)
    const { forward, metrics } = forwarder({ endpoint: backend.url, sending_queue: { queue_size: 5, num_consumers: 2 } })

    const startedAt = performance.now()
    for (let i = 0; i < 20; i++) forward.traces(Buffer.from('spans'), 1)

    expect(performance.now() - startedAt).toBeLessThan(100)
    expect(forward.size).toBeLessThanOrEqual(7)
    expect(await count(metrics, 'otelcol_exporter_enqueue_failed_spans')).toBeGreaterThanOrEqual(13)
  })

  it('does not let a backend that hangs hold up another: statement 20 [Multi-Destination Exporting]', async () => {
    const hanging = await sink(() => undefined)
    const healthy = await sink()
    const [slow, fast] = [forwarder({ endpoint: hanging.url }).forward, forwarder({ endpoint: healthy.url }).forward]

    for (let i = 0; i < 50; i++) {
      slow.traces(Buffer.from('spans'), 1)
      fast.traces(Buffer.from('spans'), 1)
    }

    await eventually(async () => expect(healthy.received).toHaveLength(50), 5000)
    expect(hanging.received).toHaveLength(0)
  })

  it('reads Retry-After as seconds and as a date', () => {
    expect(parseRetryAfter('3', 0)).toBe(3000)
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:10 GMT', 4000)).toBe(6000)
    expect([parseRetryAfter('soon', 0), parseRetryAfter(null, 0)]).toEqual([undefined, undefined])
  })
})
