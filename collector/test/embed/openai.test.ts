import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOpenAiEmbedder } from '../../src/embed/openai/openai-embedder.ts'
import type { Embedder } from '../../src/embed/embedder.ts'
import { describeEmbedder } from './contract.ts'
import { sendJson, sendVectors, startEmbeddingServer, type EmbeddingServer, type Misbehaviour } from './embedding-server.ts'

let server: EmbeddingServer

beforeAll(async () => {
  server = await startEmbeddingServer()
})
beforeEach(() => {
  server.requests.length = 0
  server.misbehave = () => false
})
afterAll(() => server.close())

function createEmbedder(options: { timeoutMs?: number; maxRetries?: number; dimensions?: number; apiKey?: string } = {}): Embedder {
  const { dimensions = server.dimensions, apiKey = 'secret', ...rest } = options
  return createOpenAiEmbedder({ baseUrl: server.baseUrl, apiKey, model: 'fake-model', dimensions }, { maxRetries: 0, ...rest })
}

/** Answers the first `times` requests with `misbehaviour`, the later ones as usual. */
function first(times: number, misbehaviour: Misbehaviour): Misbehaviour {
  let count = 0
  return (...args) => count++ < times && misbehaviour(...args)
}

describeEmbedder('the openai provider', () => Promise.resolve(createEmbedder()), { leastSelfSimilarity: 1 })

describe('the openai provider', () => {
  it('sends the model, the key and the wanted width', async () => {
    await createEmbedder().embed(['hello'])

    expect(server.requests).toEqual([{ model: 'fake-model', input: ['hello'], dimensions: 256, encoding_format: 'float' }])
    expect(server.headers.authorization).toBe('Bearer secret')
  })

  it('works with a server that asks for no key', async () => {
    const { rows } = await createEmbedder({ apiKey: '' }).embed(['hello'])

    expect(rows).toBe(1)
  })

  it('sends at most 256 texts at once and keeps the rows in order', async () => {
    const texts = Array.from({ length: 600 }, (_, number) => `order number ${number}`)

    const many = await createEmbedder().embed(texts)
    const one = await createEmbedder().embed(['order number 300'])

    expect(server.requests.map(({ input }) => input.length)).toEqual([256, 256, 88, 1])
    expect(many.data.slice(300 * many.cols, 301 * many.cols)).toEqual(one.data)
  })

  it('sends no blank texts', async () => {
    await createEmbedder().embed(['', 'hello', '  '])

    expect(server.requests.map(({ input }) => input)).toEqual([['hello']])
  })

  it('leaves the width out for a server that refuses the parameter', async () => {
    server.misbehave = (response, request) => {
      if (request.dimensions === undefined) return false
      sendJson(response, 400, { error: { message: 'Model does not support matryoshka representation', code: 'bad_request' } })
      return true
    }
    const embedder = createEmbedder()

    await embedder.embed(['hello'])
    await embedder.embed(['again'])

    expect(server.requests.map(({ dimensions }) => dimensions)).toEqual([256, undefined, undefined])
  })
})

describe('the openai provider tries again', () => {
  it('after a 500', async () => {
    server.misbehave = first(1, (response) => (sendJson(response, 500, { error: { message: 'oops' } }), true))

    const { rows } = await createEmbedder({ maxRetries: 2 }).embed(['hello'])

    expect(rows).toBe(1)
    expect(server.requests).toHaveLength(2)
  })

  it('after as long as Retry-After says', async () => {
    server.misbehave = first(1, (response) => (sendJson(response, 429, {}, { 'retry-after': '1' }), true))
    const start = performance.now()

    await createEmbedder({ maxRetries: 2 }).embed(['hello'])

    expect(performance.now() - start).toBeGreaterThan(950)
  })

  it('after a cut connection', async () => {
    server.misbehave = first(1, (response) => (response.destroy(), true))

    await createEmbedder({ maxRetries: 2 }).embed(['hello'])

    expect(server.requests).toHaveLength(2)
  })
})

describe('the openai provider fails, another try may help', () => {
  it.each<[string, string, Misbehaviour]>([
    [
      'a 503 with an HTML page',
      'EMBED_UNAVAILABLE',
      (response) => (response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>no</h1>'), true),
    ],
    ['a 429', 'EMBED_UNAVAILABLE', (response) => (sendJson(response, 429, { error: { code: 'rate_limit_exceeded' } }), true)],
    ['a cut connection', 'EMBED_UNAVAILABLE', (response) => (response.destroy(), true)],
    ['an HTML page', 'EMBED_BAD_ANSWER', (response) => (response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>'), true)],
    [
      'broken JSON',
      'EMBED_BAD_ANSWER',
      (response) => (response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":['), true),
    ],
    ['another document', 'EMBED_BAD_ANSWER', (response) => (sendJson(response, 200, { hello: 'world' }), true)],
    ['half a batch', 'EMBED_BAD_ANSWER', (response, _, vectors) => (sendVectors(response, vectors.slice(1)), true)],
    ['a vector too many', 'EMBED_BAD_ANSWER', (response, _, vectors) => (sendVectors(response, [...vectors, vectors[0]]), true)],
    [
      'one index twice',
      'EMBED_BAD_ANSWER',
      (response, _, vectors) => (sendJson(response, 200, { data: vectors.map((embedding) => ({ index: 0, embedding })) }), true),
    ],
    [
      'an index out of range',
      'EMBED_BAD_ANSWER',
      (response, _, vectors) => (
        sendJson(response, 200, { data: vectors.map((embedding, index) => ({ index: index + 1, embedding })) }),
        true
      ),
    ],
    [
      'null for a number',
      'EMBED_BAD_ANSWER',
      (response, _, vectors) => (
        sendVectors(
          response,
          vectors.map((vector) => [null, ...vector.slice(1)]),
        ),
        true
      ),
    ],
    [
      '"NaN" for a number',
      'EMBED_BAD_ANSWER',
      (response, _, vectors) => (
        sendVectors(
          response,
          vectors.map((vector) => ['NaN', ...vector.slice(1)]),
        ),
        true
      ),
    ],
    [
      'a number beyond float64',
      'EMBED_BAD_ANSWER',
      (response, request, vectors) => (
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(
            JSON.stringify({ data: request.input.map((_, index) => ({ index, embedding: vectors[index] })) }).replace(
              /\[[-\d.e]+,/,
              '[1e999,',
            ),
          ),
        true
      ),
    ],
    [
      'a body that breaks off',
      'EMBED_BAD_ANSWER',
      (response) => (
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{'),
        setTimeout(() => response.destroy(), 20),
        true
      ),
    ],
  ])('after %s', async (_, code, misbehaviour) => {
    server.misbehave = misbehaviour

    await expect(createEmbedder().embed(['hello', 'world'])).rejects.toMatchObject({ name: 'EmbedError', code, retryable: true })
  })

  it.each<[string, Misbehaviour]>([
    ['before its answer', () => true],
    [
      'in the middle of its answer',
      (response) => (response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":['), true),
    ],
    ['by asking to come back in an hour', (response) => (sendJson(response, 429, {}, { 'retry-after': '3600' }), true)],
  ])('when the server hangs %s', async (_, misbehaviour) => {
    server.misbehave = misbehaviour

    await expect(createEmbedder({ timeoutMs: 300, maxRetries: 1 }).embed(['hello'])).rejects.toMatchObject({
      code: 'EMBED_UNAVAILABLE',
      retryable: true,
    })
  })

  it('when nobody listens', async () => {
    const gone = await startEmbeddingServer()
    await gone.close()
    const embedder = createOpenAiEmbedder({ baseUrl: gone.baseUrl, apiKey: '', model: 'm', dimensions: 3 }, { maxRetries: 0 })

    await expect(embedder.embed(['hello'])).rejects.toMatchObject({ code: 'EMBED_UNAVAILABLE', retryable: true })
  })
})

describe('the openai provider fails for good', () => {
  it.each([400, 401, 403, 404, 413])('after a %i', async (status) => {
    server.misbehave = (response) => (sendJson(response, status, { error: { message: 'no', code: 'some_code' } }), true)

    const embedding = createEmbedder({ maxRetries: 2 }).embed(['hello'])

    await expect(embedding).rejects.toMatchObject({ code: 'EMBED_REFUSED', retryable: false })
    await expect(embedding).rejects.toThrow(`status ${status} (some_code)`)
  })

  it('after vectors of another width, naming both', async () => {
    await expect(createEmbedder({ dimensions: 512 }).embed(['hello'])).rejects.toMatchObject({
      code: 'EMBED_BAD_ANSWER',
      retryable: false,
      message: expect.stringMatching(/256.*512/) as string,
    })
  })

  it("without repeating the user's text or the key", async () => {
    server.misbehave = (response, request) => (
      sendJson(response, 400, { error: { message: request.input[0], code: request.input[0] } }),
      true
    )

    const error: unknown = await createEmbedder()
      .embed(['my password is 1234'])
      .catch((error: unknown) => error)

    expect(error).toBeInstanceOf(Error)
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/password|secret/)
    expect((error as Error).cause).toBeUndefined()
  })

  it('when it is closed under way', async () => {
    server.misbehave = () => true
    const embedder = createEmbedder()

    const embedding = embedder.embed(['hello'])
    await embedder.close()

    await expect(embedding).rejects.toMatchObject({ code: 'EMBED_UNAVAILABLE', retryable: false })
  })

  it('stops waiting when the caller does', async () => {
    server.misbehave = () => true
    const controller = new AbortController()

    const embedding = createEmbedder().embed(['hello'], { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 50)

    await expect(embedding).rejects.toThrow('enough')
  })
})
