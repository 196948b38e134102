/** A model hub of one small model. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KnownModel } from '../../src/embed/models/known-models.ts'

export const onnxBytes = Buffer.from('not really a model')
export const tokenizerBytes = Buffer.from('{"not":"really a tokenizer"}')

/** The model the hub holds. */
export const hubModel: KnownModel = {
  name: 'tiny-model',
  pooling: 'mean',
  license: 'MIT',
  repository: 'someone/tiny-model',
  revision: 'abc123',
  files: {
    'model.onnx': { path: 'onnx/model_quantized.onnx', sizeBytes: onnxBytes.length, sha256: sha256(onnxBytes) },
    'tokenizer.json': { path: 'tokenizer.json', sizeBytes: tokenizerBytes.length, sha256: sha256(tokenizerBytes) },
  },
}

/** Starts it on a free port; `bodies` maps paths to what is sent for them, and may be changed. */
export async function startHub(): Promise<{ baseUrl: string; bodies: Map<string, Uint8Array>; close(): Promise<void> }> {
  const bodies = new Map<string, Uint8Array>([
    ['/someone/tiny-model/resolve/abc123/onnx/model_quantized.onnx', onnxBytes],
    ['/someone/tiny-model/resolve/abc123/tokenizer.json', tokenizerBytes],
  ])
  const server = createServer((request, response) => {
    const body = bodies.get(request.url ?? '')
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, close }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
