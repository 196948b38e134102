/** What is refused before it costs anything, and what one project cannot take from another. */
import { describe, expect, it } from 'vitest'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const event = (prompt: string) => ({ name: 'chat', metadata: { prompt } })

async function withCollector(config: readonly string[], run: (collector: TestCollector) => Promise<void>): Promise<void> {
  const collector = await startTestCollector({ config })
  try {
    await run(collector)
  } finally {
    await collector.dispose()
  }
}

describe('a collector', () => {
  it('limits headers, events of one request and the length of a text', async () => {
    await withCollector([], async (collector) => {
      const headers = await fetch(`${collector.url}/health`, { headers: { 'x-much': 'x'.repeat(17 * 1024) } })
      const many = await collector.post(
        '/track',
        Array.from({ length: 1001 }, () => event('hello')),
      )
      const long = await collector.post('/track', event('x'.repeat(128 * 1024 + 1)))

      expect([headers.status, many.status, long.status]).toEqual([431, 400, 413])
      expect([many.body['code'], long.body['code']]).toEqual(['INVALID_REQUEST', 'TEXT_TOO_LONG'])
    })
  })

  it('answers 503 with Retry-After while memory is short, and keeps answering questions', async () => {
    await withCollector(['yaml:processors::memory_limiter: {check_interval: 50ms, limit_mib: 1}'], async (collector) => {
      const refused = await eventually(async () => {
        const answer = await collector.post('/track', event('hello'))
        expect(answer.status).toBe(503)
        return answer
      })

      expect(refused.headers.get('retry-after')).toBe('2')
      expect(refused.body).toMatchObject({ success: false, code: 'MEMORY_LIMIT' })
      expect((await collector.get('/api/v1/overview')).status).toBe(200)
    })
  })

  it('lets a quiet project in when a noisy one has filled its share of the spool', async () => {
    const config = [
      'yaml:exporters::clickhouse::spool: {max_size: 256KiB, segment_age: 60s}',
      'yaml:processors::batch::timeout: 60s',
      'yaml:extensions::api_keys::keys: [{key: noisy, project: noisy}, {key: quiet, project: quiet}]',
      'yaml:service::extensions: [api_keys, query_api]',
    ]
    await withCollector(config, async (collector) => {
      const noisy = { 'x-api-key': 'noisy' }
      let accepted = 0
      let refused = await collector.post('/track', event('x'.repeat(2000)), noisy)
      for (; refused.status === 200; accepted++) refused = await collector.post('/track', event('x'.repeat(2000)), noisy)
      const quiet = await Promise.all([1, 2, 3].map(async (i) => collector.post('/track', event(`hello ${i}`), { 'x-api-key': 'quiet' })))

      expect(refused).toMatchObject({ status: 503, body: { code: 'SPOOL_FULL' } })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(accepted).toBeGreaterThan(20)
      expect(quiet.map(({ status }) => status)).toEqual([200, 200, 200])
    })
  })
})
