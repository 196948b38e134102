/** A clusterer and its sample texts as one saved state. */
import type { ClickHouse } from '@turret/clickhouse'
import { type Clusterer, restoreClusterer } from '../cluster/clusterer.ts'
import type { Embedder } from '../embed/embedder.ts'
import { Samples } from './samples.ts'
import { readState, writeState } from './state-store.ts'

export interface Saved {
  readonly clusterer: Clusterer
  readonly samples: Samples
  readonly version: number
  /** Unix nanoseconds. */
  readonly savedAt: bigint
}

/** undefined when nothing was saved for this vector space. */
export async function restoreSaved(db: ClickHouse, project: string, embedder: Embedder): Promise<Saved | undefined> {
  const state = await readState(db, project, embedder.id)
  if (state === undefined) return undefined
  const samplesBytes = state.bytes.readUInt32LE(0)
  const samples = Samples.fromJSON(JSON.parse(state.bytes.toString('utf8', 4, 4 + samplesBytes)))
  // A copy of its own: typed arrays want aligned memory.
  const clusterer = restoreClusterer(Uint8Array.from(state.bytes.subarray(4 + samplesBytes)))
  return { clusterer, samples, version: state.version, savedAt: state.savedAt }
}

export async function saveClusterer(
  db: ClickHouse,
  state: { project: string; embedder: Embedder; clusterer: Clusterer; samples: Samples; version: number },
): Promise<void> {
  const savedAt = BigInt(Date.now()) * 1_000_000n
  const samples = Buffer.from(JSON.stringify(state.samples))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(samples.length)
  const bytes = Buffer.concat([head, samples, state.clusterer.snapshot()])
  await writeState(db, state.project, state.embedder.id, { version: state.version, savedAt, bytes })
}
