/** A clusterer that has seen a million distinct messages, and the tables as it would have left them, without the minutes that takes. */
import type { ClickHouse } from '@turret/clickhouse'
import { weightUnit } from '../../src/cluster/anchors.ts'
import { type Clusterer, createClusterer, restoreClusterer } from '../../src/cluster/clusterer.ts'
import { createMatrix } from '../../src/cluster/matrix.ts'
import { defaultClustererOptions, pointers } from '../../src/cluster/options.ts'
import { createRandom } from '../../src/cluster/random.ts'
import type { Run } from '../../src/cluster/report.ts'
import { loadState, saveState } from '../../src/cluster/snapshot.ts'
import { publishRun } from '../../src/topics/publish.ts'
import { Samples } from '../../src/topics/samples.ts'
import { saveClusterer } from '../../src/topics/saved-clusterer.ts'
import { idStep } from './cost.ts'

const project = 'default'
const streamed = 9_000 // messages that really go through the clusterer: they fill its landmarks
const centres = 100
const noise = 0.6
const rowsPerInsert = 50_000

export interface FullState {
  readonly clusterer: Clusterer
  readonly run: Run
  readonly messages: number
  /** Topic of message i, for i ≥ `streamed`: topics[i mod length]. */
  readonly topics: readonly bigint[]
  readonly bytes: number
}

export function makeFullState(dimensions: number, messages: number): FullState {
  const small = createClusterer({ dimensions })
  small.add(
    makeVectors(dimensions),
    BigUint64Array.from({ length: streamed }, (_, i) => idOf(i)),
  )
  const run = small.consolidate()
  const state = loadState(small.snapshot(), defaultClustererOptions)
  const { anchors, landmarks } = state
  for (let i = streamed; i < messages; i++) {
    const landmark = landmarks.anchors[i % landmarks.count]!
    const anchor = anchors.addId(idOf(i))
    anchors.counts[anchor] = 1
    anchors.places[anchor] = -1 - landmark
    anchors.topics[anchor] = anchors.topics[landmark]!
    anchors.machineTopics[anchor] = anchors.machineTopics[landmark]!
    anchors.subtopics[anchor] = anchors.subtopics[landmark]!
    for (let p = 0; p < pointers; p++) {
      anchors.pointers[anchor * pointers + p] = landmarks.anchors[(i + p * 7) % landmarks.count]!
      anchors.weights[anchor * pointers + p] = weightUnit >> 1
    }
  }
  state.seen = messages
  state.seenAtSelection = messages
  state.dueAt = messages + defaultClustererOptions.runInterval
  const snapshot = saveState(state)
  const topics = Array.from(landmarks.anchors.subarray(0, landmarks.count), (anchor) => state.topics.idOf(anchors.topics[anchor]!))
  return { clusterer: restoreClusterer(snapshot), run, messages, topics, bytes: snapshot.length }
}

export async function storeFullState(db: ClickHouse, spaceId: string, { clusterer, run, messages, topics }: FullState): Promise<void> {
  const now = Date.now()
  const version = now * 1000
  const rows = run.topics.map((topic, i) => ({
    Level: topic.level,
    TopicId: topic.id,
    ParentId: topic.parentId,
    State: 'active' as const,
    RedirectTo: 0n,
    Label: `Topic ${i}`,
    Description: '',
    LabelSource: 'phrase' as const,
    Keyphrases: [],
    Examples: [],
    Hidden: 0,
    Pinned: 0,
    Mass: topic.mass,
    BornAt: now,
  }))
  await publishRun(db, { project, spaceId, version, at: new Date(now), trigger: 'schedule', run, topics: rows, durationMs: 0 })
  const params = { messages, streamed, step: idStep.toString(), version }
  const list = `[${topics.join(',')}]` // only numbers of ours: too long for a parameter
  await db.command(
    `INSERT INTO anchor_topics
     SELECT '${project}', (number + 1) * {step: UInt64}, 0, ${list}[number % ${topics.length} + 1], 0, {version: UInt64}
     FROM numbers({streamed: UInt64}, {messages: UInt64} - {streamed: UInt64})`,
    { params, settings: { max_query_size: 10_000_000 } },
  )
  for (let first = 0; first < messages; first += rowsPerInsert) {
    await db.command(
      `INSERT INTO events (Project, EventId, SessionId, UserId, Name, Dimension, Text, TextHash, AnchorId, Timestamp, ReceivedAt, Version)
       SELECT '${project}', leftPad(hex(number), 16, '0'), concat('s', toString(intDiv(number, 5))), concat('u', toString(number % 9973)),
         'chat', 'prompt', concat('message number ', toString(number)) AS Message, xxHash64(Message), (number + 1) * {step: UInt64},
         now64(9) - toIntervalSecond(number % 2500000 + 60), now64(9) - toIntervalSecond(60), 1
       FROM numbers({first: UInt64}, {rows: UInt64})`,
      { params: { ...params, first, rows: Math.min(rowsPerInsert, messages - first) } },
    )
  }
  const savedAt = BigInt(now) * 1_000_000n
  await saveClusterer(db, { project, spaceId, clusterer, samples: new Samples(), savedAt, version: version + 1 })
}

/** Unit vectors around some centres. */
function makeVectors(dimensions: number): ReturnType<typeof createMatrix> {
  const random = createRandom(7)
  const direction = (): Float32Array => toUnit(Float32Array.from({ length: dimensions }, () => random.next() - 0.5))
  const middles = Array.from({ length: centres }, direction)
  const vectors = createMatrix(streamed, dimensions)
  for (let row = 0; row < streamed; row++) {
    const jitter = direction()
    vectors.data.set(toUnit(middles[row % centres]!.map((value, i) => value + noise * jitter[i]!)), row * dimensions)
  }
  return vectors
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

function idOf(i: number): bigint {
  return BigInt.asUintN(64, BigInt(i + 1) * idStep)
}
