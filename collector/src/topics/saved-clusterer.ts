/** A clusterer and its sample texts as one saved state. */
import type { ClickHouse } from '@turret/clickhouse'
import { type Clusterer, restoreClusterer } from '../cluster/clusterer.ts'
import { Samples } from './samples.ts'
import { readState, writeState } from './state-store.ts'

export interface Saved {
  readonly clusterer: Clusterer
  readonly samples: Samples
  /** The vector space it is in. */
  readonly spaceId: string
  readonly version: number
  /** Unix nanoseconds. */
  readonly savedAt: bigint
}

/** undefined when nothing was saved. */
export async function restoreSaved(db: ClickHouse, project: string): Promise<Saved | undefined> {
  const state = await readState(db, project)
  if (state === undefined) return undefined
  const samplesBytes = state.bytes.readUInt32LE(0)
  const samples = Samples.fromJSON(JSON.parse(state.bytes.toString('utf8', 4, 4 + samplesBytes)))
  // A copy of its own: typed arrays want aligned memory.
  const clusterer = restoreClusterer(Uint8Array.from(state.bytes.subarray(4 + samplesBytes)))
  return { clusterer, samples, spaceId: state.spaceId, version: state.version, savedAt: state.savedAt }
}

export async function saveClusterer(
  db: ClickHouse,
  { project, spaceId, version, savedAt, ...state }: Saved & { readonly project: string },
): Promise<void> {
  const samples = Buffer.from(JSON.stringify(state.samples))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(samples.length)
  const bytes = Buffer.concat([head, samples, state.clusterer.snapshot()])
  await writeState(db, project, { spaceId, version, savedAt, bytes })
}
