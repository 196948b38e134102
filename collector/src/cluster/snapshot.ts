/** A clusterer's state as bytes, and back: what comes back goes on as if nothing had happened. */
import { compileEdits, type Constraints, type TopicEdit } from './edits.ts'
import { listWidth } from './neighbor-lists.ts'
import type { ClustererOptions } from './options.ts'
import { pack, type Packed, type PackedArray, unpack } from './pack.ts'
import { createState, type State } from './state.ts'
import { levels, type TopicTable } from './topic-table.ts'

const format = 1

const counters = [
  'seen',
  'run',
  'lastClustering',
  'dueAt',
  'anchorsAtRun',
  'seenAtSelection',
  'resolution',
  'silhouette',
  'isCentred',
  'nearness',
] as const

interface Header extends Pick<State, (typeof counters)[number]> {
  readonly format: number
  readonly dimensions: number
  readonly landmarks: number
  /** Ids as decimal strings; an edit's anchors are the array `edit.<position>`. */
  readonly edits: readonly Record<string, unknown>[]
}

/** About 60 bytes per anchor and 1 KB per landmark. */
export function saveState(state: State): Uint8Array {
  const { landmarks } = state
  const n = landmarks.count
  const aliases = state.anchors.aliases()
  const arrays: Record<string, PackedArray> = {
    mean: landmarks.mean,
    raw: landmarks.raw.subarray(0, n * landmarks.kernel.stride),
    landmarkAnchors: landmarks.anchors.subarray(0, n),
    mass: landmarks.mass.subarray(0, n),
    arrivedRun: landmarks.arrivedRun.subarray(0, n),
    listIds: landmarks.lists.ids.subarray(0, n * listWidth),
    listDots: landmarks.lists.dots.subarray(0, n * listWidth),
    listCounts: landmarks.lists.counts.subarray(0, n),
    listFloors: landmarks.lists.floors.subarray(0, n),
    aliasIds: aliases.ids,
    aliasAnchors: aliases.anchors,
  }
  for (const [name, column] of Object.entries(state.anchors.columns())) arrays[`anchor.${name}`] = column
  for (const table of tablesOf(state)) {
    arrays[`${table.level}.ids`] = BigUint64Array.from(table.ids)
    arrays[`${table.level}.parents`] = Int32Array.from(table.parents)
    arrays[`${table.level}.successors`] = Int32Array.from(table.successors)
  }
  state.edits.forEach((edit, position) => {
    if ('anchors' in edit) arrays[`edit.${position}`] = edit.anchors
  })
  const kept = Object.fromEntries(counters.map((name) => [name, state[name]])) as Pick<State, (typeof counters)[number]>
  const edits = state.edits.map((edit) => JSON.parse(JSON.stringify(edit, plainValue)) as Record<string, unknown>)
  const header: Header = { ...kept, format, dimensions: landmarks.dimensions, landmarks: n, edits }
  return pack({ header, arrays })
}

/** @throws RangeError if the bytes are no snapshot of this format */
export function loadState(bytes: Uint8Array, options: ClustererOptions): State {
  const packed = unpack(bytes)
  const header = packed.header as Header
  if (header.format !== format) throw new RangeError(`snapshot: expected format ${format}, got ${header.format}`)
  const { arrays } = packed
  const state = createState(header.dimensions, options)
  for (const name of counters) Object.assign(state, { [name]: header[name] })
  loadLandmarks(state, header.landmarks, arrays)
  const { anchors } = state
  const columns = Object.keys(anchors.columns()).map((name) => [name, arrays[`anchor.${name}`]])
  anchors.load(Object.fromEntries(columns) as ReturnType<typeof anchors.columns>, {
    ids: arrays['aliasIds'] as BigUint64Array,
    anchors: arrays['aliasAnchors'] as Int32Array,
  })
  for (const table of tablesOf(state)) {
    const ids = arrays[`${table.level}.ids`] as BigUint64Array
    const parents = arrays[`${table.level}.parents`] as Int32Array
    const successors = arrays[`${table.level}.successors`] as Int32Array
    ids.forEach((id, i) => {
      table.add(id)
      table.parents[i] = parents[i]!
      table.successors[i] = successors[i]!
    })
  }
  state.edits = header.edits.map((edit, position) => loadEdit(edit, arrays[`edit.${position}`]))
  state.compiledEdits = compileEdits(state.edits, state.topics, anchors)
  return state
}

function loadLandmarks({ landmarks }: State, count: number, arrays: Packed['arrays']): void {
  landmarks.reserve(count)
  landmarks.count = count
  const { lists } = landmarks
  landmarks.mean.set(arrays['mean'] as Float64Array)
  landmarks.raw.set(arrays['raw'] as Int16Array)
  landmarks.anchors.set(arrays['landmarkAnchors'] as Int32Array)
  landmarks.mass.set(arrays['mass'] as Float64Array)
  landmarks.arrivedRun.set(arrays['arrivedRun'] as Int32Array)
  lists.ids.set(arrays['listIds'] as Int32Array)
  lists.dots.set(arrays['listDots'] as Int32Array)
  lists.counts.set(arrays['listCounts'] as Int32Array)
  lists.floors.set(arrays['listFloors'] as Int32Array)
  landmarks.centreRows()
}

function tablesOf(state: State): TopicTable[] {
  return levels.map((level) => state[`${level}s`])
}

function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof BigUint64Array ? undefined : value
}

function loadEdit(edit: Record<string, unknown>, anchors: PackedArray | undefined): Constraints[number] {
  const ids = Object.entries(edit).map(([key, value]) => {
    if (key === 'kind') return [key, value]
    return [key, Array.isArray(value) ? value.map((id) => BigInt(id as string)) : BigInt(value as string)]
  })
  return { ...Object.fromEntries(ids), ...(anchors === undefined ? {} : { anchors }) } as TopicEdit
}
