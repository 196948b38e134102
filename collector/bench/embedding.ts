/**
 * Quality and speed of an embedding provider: `npm run bench:embedding` measures the builtin table,
 * `TURRET_BENCH_MODEL=<directory of an imported model>` another one. Quality below its bar makes the exit code 1.
 */
import { createBuiltinEmbedder } from '../src/embed/builtin/builtin-embedder.ts'
import type { Embedder } from '../src/embed/embedder.ts'
import { createOnnxEmbedder } from '../src/embed/onnx/onnx-embedder.ts'
import { readLabelledTexts } from './quality/labelled-texts.ts'
import { kMeans, mutualInformation, neighborPurity } from './quality/scores.ts'

const seeds = [0, 1, 2]
/** The least the builtin table must reach, in percent; the bars of `tools/static-embedding/evaluate.py`. */
const bars = [
  { name: 'banking77-test', sample: undefined, nmi: 73.5, purity: 68 },
  { name: 'clinc150-test', sample: undefined, nmi: 85, purity: 76 },
  { name: 'sgd-intent-turns', sample: 3000, nmi: 77.5, purity: 79 },
]

await main()

async function main(): Promise<void> {
  const model = process.env['TURRET_BENCH_MODEL']
  const start = performance.now()
  const embedder = model === undefined ? createBuiltinEmbedder() : await createOnnxEmbedder({ dir: model, maxTokens: 128, batch: 16 })
  console.log(`${embedder.id}: ${embedder.dimensions} dimensions, loaded in ${(performance.now() - start).toFixed(0)} ms`)

  for (const bar of bars) {
    const data = readLabelledTexts(bar.name, bar.sample)
    if (data === undefined) {
      console.log(`${bar.name}: SKIPPED, not found`)
      continue
    }
    const vectors = await embedder.embed(data.texts)
    const k = new Set(data.labels).size
    const nmi = 100 * mean(seeds.map((seed) => mutualInformation(kMeans(vectors, k, seed), data.labels)))
    const purity = 100 * neighborPurity(vectors, data.labels)
    if (model === undefined && (nmi < bar.nmi || purity < bar.purity)) process.exitCode = 1
    const speed = await measureSpeed(embedder, data.texts)
    console.log(
      `${bar.name}: NMI ${nmi.toFixed(1)} (>= ${bar.nmi}), kNN purity@10 ${purity.toFixed(1)} (>= ${bar.purity}), ` +
        `${Math.round(speed)} texts/CPU-s at ${mean(data.texts.map((text) => text.length)).toFixed(0)} characters`,
    )
  }
  await embedder.close()
}

/** Texts per second of processor time, over whole passes that take at least two seconds together. */
async function measureSpeed(embedder: Embedder, texts: readonly string[]): Promise<number> {
  const start = process.cpuUsage()
  let count = 0
  let seconds = 0
  while (seconds < 2) {
    await embedder.embed(texts)
    count += texts.length
    const { user, system } = process.cpuUsage(start)
    seconds = (user + system) / 1e6
  }
  return count / seconds
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
