import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { importModel } from '../../src/embed/models/import-model.ts'
import { loadModel } from '../../src/embed/models/model-directory.ts'
import { pullModel } from '../../src/embed/models/pull-model.ts'
import { hubModel, onnxBytes, startHub, tokenizerBytes } from './hub-server.ts'

let root: string
let modelsDirectory: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'turret-models-'))
  modelsDirectory = join(root, 'data', 'models')
})
afterEach(() => rm(root, { recursive: true }))

async function writeSource(files: Record<string, Uint8Array>, as: 'jar' | 'directory'): Promise<string> {
  const source = join(root, as === 'jar' ? 'model.jar' : 'model')
  if (as === 'jar') await writeFile(source, zipSync(files))
  else {
    for (const [path, bytes] of Object.entries(files)) {
      await mkdir(dirname(join(source, path)), { recursive: true })
      await writeFile(join(source, path), bytes)
    }
  }
  return source
}

describe('importModel', () => {
  const named = { name: 'my-model', pooling: 'cls' } as const

  it.each(['jar', 'directory'] as const)('takes the model and the tokenizer out of a %s', async (as) => {
    const source = await writeSource(
      { 'META-INF/x.class': onnxBytes, 'onnx/a-q.onnx': onnxBytes, 'a-q-tokenizer.json': tokenizerBytes },
      as,
    )

    const directory = await importModel(source, { modelsDirectory, ...named })

    expect(directory).toBe(join(modelsDirectory, 'my-model'))
    expect((await readdir(directory)).sort()).toEqual(['model.onnx', 'tokenizer.json', 'turret-model.json'])
    const { manifest, files } = await loadModel(directory)
    expect(manifest).toMatchObject(named)
    expect(files['model.onnx']).toEqual(onnxBytes)
  })

  it('replaces an older import of the same name and leaves nothing beside it', async () => {
    const source = await writeSource({ 'a.onnx': onnxBytes, 'tokenizer.json': tokenizerBytes }, 'directory')
    await importModel(source, { modelsDirectory, ...named })
    await writeFile(join(source, 'a.onnx'), 'another model')

    const directory = await importModel(source, { modelsDirectory, ...named })

    expect(await readFile(join(directory, 'model.onnx'), 'utf8')).toBe('another model')
    expect(await readdir(modelsDirectory)).toEqual(['my-model'])
  })

  it.each<[string, Record<string, Uint8Array>, object, RegExp]>([
    ['holds no model', { 'tokenizer.json': tokenizerBytes }, named, /no file \*\.onnx/],
    ['holds no tokenizer', { 'a.onnx': onnxBytes }, named, /no file \*tokenizer\.json/],
    ['holds two models', { 'a.onnx': onnxBytes, 'b.onnx': onnxBytes, 'tokenizer.json': tokenizerBytes }, named, /found a\.onnx, b\.onnx/],
    ['is unknown and unnamed', { 'a.onnx': onnxBytes, 'tokenizer.json': tokenizerBytes }, {}, /needs a name and its pooling/],
    [
      'would leave the models directory',
      { 'a.onnx': onnxBytes, 'tokenizer.json': tokenizerBytes },
      { ...named, name: '../x' },
      /model "\.\.\/x"/,
    ],
  ])('refuses a source that %s', async (_, files, options, message) => {
    const source = await writeSource(files, 'jar')

    await expect(importModel(source, { modelsDirectory, ...options })).rejects.toThrow(message)
  })

  it('refuses a file that is no archive, and one that is not there', async () => {
    const source = join(root, 'model.jar')

    await expect(importModel(source, { modelsDirectory })).rejects.toMatchObject({ code: 'EMBED_MODEL_MISSING' })
    await writeFile(source, 'no zip')
    await expect(importModel(source, { modelsDirectory })).rejects.toMatchObject({ code: 'EMBED_MODEL_MISSING' })
  })
})

describe('loadModel', () => {
  it('refuses a model whose file has changed', async () => {
    const source = await writeSource({ 'a.onnx': onnxBytes, 'tokenizer.json': tokenizerBytes }, 'jar')
    const directory = await importModel(source, { modelsDirectory, name: 'my-model', pooling: 'cls' })
    await writeFile(join(directory, 'model.onnx'), 'changed')

    await expect(loadModel(directory)).rejects.toMatchObject({ code: 'EMBED_MODEL_INVALID', retryable: false })
  })

  it('says how to get a model where there is none', async () => {
    await expect(loadModel(root)).rejects.toThrow(/turret models import/)
  })

  it('refuses a manifest of another kind', async () => {
    await writeFile(join(root, 'turret-model.json'), '{"name":"x"}')

    await expect(loadModel(root)).rejects.toMatchObject({ code: 'EMBED_MODEL_INVALID' })
  })
})

describe('pullModel', () => {
  it('downloads both files and checks them', async () => {
    const hub = await startHub()
    onTestFinished(() => hub.close())

    const directory = await pullModel('tiny-model', { modelsDirectory, baseUrl: hub.baseUrl, models: [hubModel] })

    const { manifest, files } = await loadModel(directory)
    expect(manifest).toMatchObject({ name: 'tiny-model', pooling: 'mean' })
    expect(files['tokenizer.json']).toEqual(tokenizerBytes)
  })

  it.each<[string, Uint8Array | undefined, string]>([
    ['is not there', undefined, 'EMBED_UNAVAILABLE'],
    ['is another one of the same size', Buffer.from(onnxBytes).fill(0), 'EMBED_BAD_ANSWER'],
    ['is cut off', onnxBytes.subarray(1), 'EMBED_BAD_ANSWER'],
    ['never ends', Buffer.alloc(10_000_000), 'EMBED_BAD_ANSWER'],
  ])('keeps nothing when a file %s', async (_, body, code) => {
    const hub = await startHub()
    onTestFinished(() => hub.close())
    const path = `/someone/tiny-model/resolve/abc123/onnx/model_quantized.onnx`
    if (body === undefined) hub.bodies.delete(path)
    else hub.bodies.set(path, body)

    await expect(pullModel('tiny-model', { modelsDirectory, baseUrl: hub.baseUrl, models: [hubModel] })).rejects.toMatchObject({ code })
    expect(await readdir(root)).toEqual([])
  })

  it('names the models it knows', async () => {
    await expect(pullModel('gpt-9', { modelsDirectory })).rejects.toThrow(/known are bge-small-en-v1\.5, all-minilm-l6-v2/)
  })
})
