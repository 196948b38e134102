/** What a message costs when there are very many, all different. */
import { createClusterer, restoreClusterer } from '../../src/cluster/clusterer.ts'
import { createMatrix, type Matrix } from '../../src/cluster/matrix.ts'
import type { Run } from '../../src/cluster/report.ts'
import { createRandom, type Random } from '../../src/cluster/random.ts'
import type { EmbeddedTexts } from './texts.ts'

const blockRows = 200
export const idStep = 0x9e3779b97f4a7c15n // odd: ids are distinct
const jitter = 0.55 // length of what is added to a text's vector: its cosine with the original is .88, below a duplicate's

/** Cost over one part of a stream. */
export interface CostRow {
  readonly messages: number
  /** Processor milliseconds per message in this part: taking in, and runs. */
  readonly addMs: number
  readonly runMs: number
  readonly rssMegabytes: number
  /** After the last run. */
  readonly topics: number
}

export interface Cost {
  readonly parts: readonly CostRow[]
  /** Processor milliseconds per message, all together. */
  readonly msPerMessage: number
  readonly snapshotMegabytes: number
  readonly saveMs: number
  readonly restoreMs: number
}

/**
 * Streams different vectors made from the texts' by adding noise.
 * @param options.messages how many the clusterer has seen at the end
 * @param options.marks where a part of the stream ends, rising
 * @param options.onPart told of each part when it ends
 */
export function measureCost(
  texts: EmbeddedTexts,
  options: { messages: number; marks: readonly number[]; onPart?: (part: CostRow) => void },
): Cost {
  const { messages, marks, onPart } = options
  const random = createRandom(1)
  const clusterer = createClusterer({ dimensions: texts.vectors.cols })
  const rows: CostRow[] = []
  let [addMs, runMs] = [0, 0]
  let total = 0
  let partStart = 0
  let topics = 0
  for (let seen = 0; seen < messages; seen += blockRows) {
    const block = jittered(texts.vectors, random)
    const ids = BigUint64Array.from({ length: blockRows }, (_, i) => BigInt.asUintN(64, BigInt(seen + i + 1) * idStep))
    addMs += processorMs(() => clusterer.add(block, ids))
    if (clusterer.isDue()) runMs += processorMs(() => (topics = countTopics(clusterer.consolidate())))
    const done = seen + blockRows
    if (!marks.includes(done)) continue
    const inPart = done - partStart
    partStart = done
    const part = { messages: done, addMs: addMs / inPart, runMs: runMs / inPart, rssMegabytes: process.memoryUsage().rss / 1e6, topics }
    rows.push(part)
    onPart?.(part)
    total += addMs + runMs
    ;[addMs, runMs] = [0, 0]
  }
  const saveStart = performance.now()
  const snapshot = clusterer.snapshot()
  const restoreStart = performance.now()
  restoreClusterer(snapshot)
  return {
    parts: rows,
    msPerMessage: total / messages,
    snapshotMegabytes: snapshot.length / 1e6,
    saveMs: restoreStart - saveStart,
    restoreMs: performance.now() - restoreStart,
  }
}

function countTopics({ topics }: Run): number {
  return topics.filter(({ level }) => level === 'topic').length
}

function jittered({ data, rows, cols }: Matrix, random: Random): Matrix {
  const block = createMatrix(blockRows, cols)
  const scale = jitter * Math.sqrt(12 / cols) // of a uniform number in ±0.5
  for (let row = 0; row < blockRows; row += 1) {
    const from = Math.floor(random.next() * rows) * cols
    let squares = 0
    for (let i = 0; i < cols; i += 1) {
      const value = data[from + i]! + scale * (random.next() - 0.5)
      block.data[row * cols + i] = value
      squares += value * value
    }
    const length = Math.sqrt(squares)
    for (let i = 0; i < cols; i += 1) block.data[row * cols + i]! /= length
  }
  return block
}

function processorMs(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
