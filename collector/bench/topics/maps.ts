/** How true the map is: do a text's neighbours on the plane mean the same as it does, as its neighbours in the vector space do? */
import { layOutMap, type MapPlaces, type MapSource } from '../../src/cluster/map.ts'
import { principalPlane } from '../../src/cluster/principal-plane.ts'
import { bars } from './bars.ts'
import { type Bench, messagesPerSet } from './bench.ts'
import { check, mean, print } from './print.ts'
import { Stream } from './stream.ts'
import { type EmbeddedTexts, randomRows } from './texts.ts'

const neighbours = 10
const laterRuns = 3 // of the stream's last ones: the cost and the drift of a map that goes on

interface MapQuality {
  readonly landmarks: number
  /** Share of the ten nearest that are of the same class, 0…1: in the vector space, on two principal axes, on a map drawn anew, on one that went along from run to run. */
  readonly purity: { readonly space: number; readonly axes: number; readonly anew: number; readonly living: number }
  /** Processor seconds. */
  readonly cold: number
  readonly warm: number
  /** How far a landmark moves from run to run, median ÷ the map's radius. */
  readonly drift: number
}

export async function benchMap({ sets, seeds, texts }: Bench): Promise<void> {
  print('\nmap', 'landmarks', 'purity@10 in space', 'principal axes', 'map', 'map from run to run', 'cold s', 'warm s', 'drift')
  const all: MapQuality[] = []
  for (const name of sets) {
    const data = await texts(name)
    if (data === undefined) continue
    const quality = measureMap(data, randomRows(data.vectors.rows, messagesPerSet, seeds[0] ?? 0))
    const { space, axes, anew, living } = quality.purity
    print(
      name,
      quality.landmarks,
      ...[space, axes, anew, living].map((purity) => purity.toFixed(3)),
      ...[quality.cold, quality.warm].map((seconds) => seconds.toFixed(2)),
      quality.drift.toFixed(3),
    )
    all.push(quality)
  }
  if (all.length === 0) return
  check(
    'purity kept on the map',
    mean(all, ({ purity }) => purity.anew / purity.space),
    '>=',
    bars.map.kept,
  )
  check(
    'purity kept from run to run',
    mean(all, ({ purity }) => purity.living / purity.space),
    '>=',
    bars.map.kept,
  )
  check('cold, processor s', Math.max(...all.map(({ cold }) => cold)), '<=', bars.map.coldSeconds)
  check('warm, processor s', Math.max(...all.map(({ warm }) => warm)), '<=', bars.map.warmSeconds)
  check(
    'drift',
    mean(all, ({ drift }) => drift),
    '<=',
    bars.map.drift,
  )
}

function measureMap(texts: EmbeddedTexts, rows: Int32Array): MapQuality {
  const steps: { seconds: number; drift: number }[] = []
  let living: MapPlaces | undefined
  const stream = new Stream(texts.vectors.cols, () => {
    const before = living
    const [after, seconds] = timed(() => layOutMap(stream.clusterer.mapSource(), before))
    if (before !== undefined) steps.push({ seconds, drift: medianMove(before, after) })
    living = after
  })
  stream.add(texts, rows)
  stream.consolidate()
  const source = stream.clusterer.mapSource()
  const labelOf = new Map(Array.from(texts.ids, (id, row) => [id, texts.labels[row]!]))
  const labels = Int32Array.from(source.anchorIds, (id) => labelOf.get(id)!)
  const plane = principalPlane(source.rows, labels.length, source.stride, 1)
  const [anew, cold] = timed(() => layOutMap(source, undefined))
  const later = steps.slice(-laterRuns)
  return {
    landmarks: labels.length,
    purity: {
      space: spacePurity(source, labels),
      axes: planePurity(
        labels,
        (i) => plane[2 * i]!,
        (i) => plane[2 * i + 1]!,
      ),
      anew: mapPurity(labels, anew),
      living: mapPurity(labels, living!),
    },
    cold,
    warm: Math.max(...later.map(({ seconds }) => seconds)),
    drift: mean(later, ({ drift }) => drift),
  }
}

function spacePurity({ rows, stride }: MapSource, labels: Int32Array): number {
  return purityOf(labels, (i, j) => {
    let dot = 0
    for (let c = 0; c < stride; c += 1) dot += rows[i * stride + c]! * rows[j * stride + c]!
    return -dot
  })
}

function mapPurity(labels: Int32Array, { xs, ys }: MapPlaces): number {
  return planePurity(
    labels,
    (i) => xs[i]!,
    (i) => ys[i]!,
  )
}

function planePurity(labels: Int32Array, x: (i: number) => number, y: (i: number) => number): number {
  return purityOf(labels, (i, j) => (x(i) - x(j)) ** 2 + (y(i) - y(j)) ** 2)
}

const askedAbout = 1000 // landmarks, evenly drawn: all would take a minute

function purityOf(labels: Int32Array, distance: (i: number, j: number) => number): number {
  const n = labels.length
  const step = Math.max(1, Math.floor(n / askedAbout))
  let [same, asked] = [0, 0]
  for (let i = 0; i < n; i += step) {
    const distances = Float64Array.from(labels, (_, j) => (j === i ? Infinity : distance(i, j)))
    const nearest = Uint32Array.from(labels.keys()).sort((a, b) => distances[a]! - distances[b]!)
    for (const j of nearest.subarray(0, neighbours)) same += labels[j] === labels[i] ? 1 : 0
    asked += neighbours
  }
  return same / asked
}

function medianMove(before: MapPlaces, after: MapPlaces): number {
  const slots = new Map(Array.from(before.anchorIds, (id, slot) => [id, slot]))
  const moves = Array.from(after.anchorIds).flatMap((id, i) => {
    const slot = slots.get(id)
    return slot === undefined ? [] : [Math.hypot(after.xs[i]! - before.xs[slot]!, after.ys[i]! - before.ys[slot]!)]
  })
  const radius = Math.sqrt(mean([...after.xs.keys()], (i) => after.xs[i]! ** 2 + after.ys[i]! ** 2))
  return moves.sort((a, b) => a - b)[moves.length >> 1]! / radius
}

function timed<T>(work: () => T): [result: T, processorSeconds: number] {
  const start = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(start)
  return [result, (user + system) / 1e6]
}
