/** A model on disk: `model.onnx`, `tokenizer.json`, and `turret-model.json`, which says what they are. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { EmbedError } from '../embed-error.ts'

/** How token vectors become one text vector: the first token's (`cls`) or the mean. It belongs to a model and is never guessed. */
export type Pooling = 'cls' | 'mean'

/** The two files every model has. */
const modelFileNames = ['model.onnx', 'tokenizer.json'] as const
export type ModelFileName = (typeof modelFileNames)[number]
export type ModelFiles = Readonly<Record<ModelFileName, Uint8Array>>

const manifestName = 'turret-model.json'
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const manifestSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'expected lower-case letters, digits, dots, dashes'),
  pooling: z.enum(['cls', 'mean']),
  sha256: z.object({ 'model.onnx': sha256, 'tokenizer.json': sha256 }),
})

/** Contents of `turret-model.json`. */
type ModelManifest = z.output<typeof manifestSchema>

/** A model's manifest with the contents of its files, which match the manifest's digests. */
export interface LoadedModel {
  readonly manifest: ModelManifest
  readonly files: ModelFiles
}

/**
 * Reads a model that `installModel` wrote.
 * @throws EmbedError EMBED_MODEL_MISSING if a file cannot be read, EMBED_MODEL_INVALID if one has changed since
 */
export async function loadModel(directory: string): Promise<LoadedModel> {
  const manifest = parseManifest(directory, await readModelFile(directory, manifestName))
  const files = {
    'model.onnx': await readModelFile(directory, 'model.onnx'),
    'tokenizer.json': await readModelFile(directory, 'tokenizer.json'),
  }
  for (const name of modelFileNames) {
    if (digest(files[name]) === manifest.sha256[name]) continue
    throw new EmbedError('EMBED_MODEL_INVALID', `${directory}: ${name} is not the file that was imported; import the model again`, {
      retryable: false,
    })
  }
  return { manifest, files }
}

/**
 * Writes a model below `modelsDirectory`, whole or not at all; an older one of the same name is replaced.
 * @returns the model's directory
 * @throws EmbedError EMBED_MODEL_INVALID if the name cannot be a directory's
 */
export async function installModel(modelsDirectory: string, model: { name: string; pooling: Pooling; files: ModelFiles }): Promise<string> {
  const { name, pooling, files } = model
  const digests = { 'model.onnx': digest(files['model.onnx']), 'tokenizer.json': digest(files['tokenizer.json']) }
  const manifest = manifestSchema.safeParse({ name, pooling, sha256: digests })
  if (!manifest.success) throw invalid(`model ${JSON.stringify(name)}: ${z.prettifyError(manifest.error)}`)

  await mkdir(modelsDirectory, { recursive: true })
  const partial = await mkdtemp(join(modelsDirectory, '.partial-'))
  try {
    for (const file of modelFileNames) await writeFile(join(partial, file), files[file])
    await writeFile(join(partial, manifestName), `${JSON.stringify(manifest.data, null, 2)}\n`)
    const directory = join(modelsDirectory, name)
    await rm(directory, { recursive: true, force: true })
    await rename(partial, directory)
    return directory
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** SHA-256 as 64 hex digits. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function parseManifest(directory: string, bytes: Uint8Array): ModelManifest {
  try {
    return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (cause) {
    throw invalid(`${directory}: ${manifestName} is not a model's description; import the model again`, cause)
  }
}

async function readModelFile(directory: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(directory, name))
  } catch (cause) {
    const message = `${directory}: ${name} cannot be read; bring a model there with "turret models import" or "turret models pull"`
    throw new EmbedError('EMBED_MODEL_MISSING', message, { cause, retryable: false })
  }
}

function invalid(message: string, cause?: unknown): EmbedError {
  return new EmbedError('EMBED_MODEL_INVALID', message, { cause, retryable: false })
}
