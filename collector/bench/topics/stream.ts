/** Streams texts through a clusterer as the collector does, and scores what it made of them. */
import { type Clusterer, createClusterer, type Placement } from '../../src/cluster/clusterer.ts'
import { createMatrix } from '../../src/cluster/matrix.ts'
import type { Run } from '../../src/cluster/report.ts'
import { mutualInformation } from '../quality/scores.ts'
import { adjustedRandIndex, matchedAccuracy } from './agreement.ts'
import type { EmbeddedTexts } from './texts.ts'

const blockRows = 50

/** What the clusterer said of each message when it came, in order of arrival. */
export interface Arrivals {
  readonly anchors: bigint[]
  readonly topics: bigint[]
  readonly nearness: number[]
  readonly outlierScores: number[]
}

/** Called after a run. @param seen messages of this stream so far */
export type OnRun = (run: Run, seen: number) => void

/** A clusterer under test, what it saw, and the processor time it took. */
export class Stream {
  readonly clusterer: Clusterer
  readonly arrivals: Arrivals = { anchors: [], topics: [], nearness: [], outlierScores: [] }
  /** True class of each message, in order of arrival. */
  readonly truth: number[] = []
  /** Processor seconds, all threads. */
  seconds = 0
  private readonly onRun: OnRun

  constructor(dimensions: number, onRun: OnRun = () => undefined) {
    this.clusterer = createClusterer({ dimensions })
    this.onRun = onRun
  }

  /** @param runEvery run after that many messages instead of by the clusterer's own schedule */
  add(texts: EmbeddedTexts, rows: Int32Array, runEvery?: number): void {
    const step = Math.min(blockRows, runEvery ?? blockRows)
    for (let first = 0; first < rows.length; first += step) {
      this.addBlock(texts, rows.subarray(first, first + step))
      const isDue = runEvery === undefined ? this.clusterer.isDue() : (first + step) % runEvery === 0
      if (isDue) this.consolidate()
    }
  }

  consolidate(): void {
    const run = this.timed(() => this.clusterer.consolidate())
    this.onRun(run, this.truth.length)
  }

  /** Where every message belongs now, in order of arrival. */
  placements(): Placement[] {
    return this.arrivals.anchors.map((id) => this.clusterer.assignmentOf(id)!)
  }

  private addBlock({ vectors, ids, labels }: EmbeddedTexts, rows: Int32Array): void {
    const block = createMatrix(rows.length, vectors.cols)
    rows.forEach((row, i) => block.data.set(vectors.data.subarray(row * vectors.cols, (row + 1) * vectors.cols), i * vectors.cols))
    const assigned = this.timed(() =>
      this.clusterer.add(
        block,
        BigUint64Array.from(rows, (row) => ids[row]!),
      ),
    )
    this.arrivals.anchors.push(...assigned.anchorIds)
    this.arrivals.topics.push(...assigned.topics)
    this.arrivals.nearness.push(...assigned.nearness)
    this.arrivals.outlierScores.push(...assigned.outlierScores)
    this.truth.push(...Array.from(rows, (row) => labels[row]!))
  }

  private timed<T>(work: () => T): T {
    const start = process.cpuUsage()
    const result = work()
    const { user, system } = process.cpuUsage(start)
    this.seconds += (user + system) / 1e6
    return result
  }
}

/** Agreement with the truth, 0…1 each; messages without a group count as a group of their own. */
export interface Scores {
  readonly nmi: number
  readonly ari: number
  readonly accuracy: number
}

export function scoreGroups(truth: readonly number[], groups: readonly bigint[]): Scores {
  const names = new Map<bigint, number>()
  const found = Int32Array.from(groups, (group) => {
    const name = names.get(group) ?? names.size
    names.set(group, name)
    return name
  })
  const labels = Int32Array.from(truth)
  return { nmi: mutualInformation(labels, found), ari: adjustedRandIndex(labels, found), accuracy: matchedAccuracy(labels, found) }
}

/** Size and most frequent class of every group. */
export function majorities(
  truth: readonly number[],
  groups: readonly bigint[],
): Map<bigint, { size: number; label: number; share: number }> {
  const counts = new Map<bigint, Map<number, number>>()
  groups.forEach((group, i) => {
    const classes = counts.get(group) ?? new Map<number, number>()
    classes.set(truth[i]!, (classes.get(truth[i]!) ?? 0) + 1)
    counts.set(group, classes)
  })
  const found = new Map<bigint, { size: number; label: number; share: number }>()
  for (const [group, classes] of counts) {
    const size = [...classes.values()].reduce((sum, count) => sum + count, 0)
    const [label, count] = [...classes].reduce((best, entry) => (entry[1] > best[1] ? entry : best))
    found.set(group, { size, label, share: count / size })
  }
  return found
}
