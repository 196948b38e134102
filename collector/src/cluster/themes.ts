/** The coarsest level: Ward's tree over the topics, cut into a handful of themes. */
import { centresOf } from './centres.ts'
import { matchGroups, unmatched } from './match.ts'
import { createMatrix, type Matrix } from './matrix.ts'
import { landmarkTopic, type State } from './state.ts'
import { cutTree, wardTree } from './ward.ts'

const fewestThemes = 5
const mostThemes = 12
const hysteresis = 0.02 // another number of themes must be better by this silhouette

/** Gives every topic that has landmarks its theme. Up to five topics are each a theme of their own. */
export function groupThemes(state: State): void {
  const { landmarks, topics, themes } = state
  const living = livingTopics(state)
  if (living.length === 0) return
  const position = new Map(living.map((topic, i) => [topic, i]))
  const groups = Int32Array.from({ length: landmarks.count }, (_, slot) => position.get(landmarkTopic(state, slot)) ?? -1)
  const { centred } = centresOf(landmarks, groups, living.length)
  const mass = new Float64Array(living.length)
  groups.forEach((group, slot) => {
    if (group >= 0) mass[group] = mass[group]! + landmarks.mass[slot]!
  })
  const old = Int32Array.from(living, (topic) => topics.parents[topic]!)
  const cut = chooseCut(centred, mass, new Set(old.filter((theme) => theme >= 0)).size)
  const groupCount = Math.max(...cut) + 1
  const isOld = Uint8Array.from(old, (theme) => (theme >= 0 ? 1 : 0))
  const matched = matchGroups({ groups: cut, groupCount, topics: old, topicCount: themes.size, mass, isOld, held: new Set() })
  cut.forEach((group, i) => {
    if (matched[group] === unmatched) matched[group] = themes.mint(topics.ids[living[i]!]!, state.run)
    topics.parents[living[i]!] = matched[group]!
  })
}

/** Topics that have landmarks, in order of their index. */
function livingTopics(state: State): number[] {
  const living = new Set<number>()
  for (let slot = 0; slot < state.landmarks.count; slot += 1) living.add(landmarkTopic(state, slot))
  living.delete(-1)
  return [...living].sort((a, b) => a - b)
}

/** The number of themes whose topics stand apart best; the old number if no other is clearly better. */
function chooseCut(centres: Matrix, mass: Float64Array, oldCount: number): Int32Array {
  const merges = wardTree(centres, mass)
  const most = Math.min(mostThemes, centres.rows)
  const least = Math.min(fewestThemes, centres.rows)
  let best = { score: -Infinity, cut: cutTree(merges, centres.rows, least) }
  for (let count = least; count <= most; count += 1) {
    const cut = cutTree(merges, centres.rows, count)
    const score = themeSilhouette(centres, mass, cut, count) + (count === oldCount ? hysteresis : 0)
    if (score > best.score) best = { score, cut }
  }
  return best.cut
}

/** As `silhouette`, over topics that count by their messages; a topic alone in its theme counts 0. */
function themeSilhouette(topics: Matrix, mass: Float64Array, cut: Int32Array, count: number): number {
  const { data, rows, cols } = topics
  const sums = createMatrix(count, cols)
  const sizes = new Int32Array(count)
  for (let t = 0; t < rows; t += 1) {
    sizes[cut[t]!] = sizes[cut[t]!]! + 1
    for (let i = 0; i < cols; i += 1) sums.data[cut[t]! * cols + i]! += mass[t]! * data[t * cols + i]!
  }
  let total = 0
  for (let t = 0; t < rows; t += 1) {
    if (sizes[cut[t]!]! < 2) continue
    let a = 2
    let b = 2
    for (let theme = 0; theme < count; theme += 1) {
      const own = theme === cut[t] ? mass[t]! : 0
      const distance = 1 - cosineWithout(data.subarray(t * cols, (t + 1) * cols), sums.data.subarray(theme * cols, (theme + 1) * cols), own)
      if (own > 0) a = distance
      else b = Math.min(b, distance)
    }
    total += (mass[t]! * (b - a)) / Math.max(a, b, 1e-9)
  }
  return total / mass.reduce((sum, value) => sum + value, 0)
}

/** Cosine of a unit vector with a sum of vectors, of which `share` times itself is taken out. */
function cosineWithout(vector: Float32Array, sum: Float32Array, share: number): number {
  let product = 0
  let squares = 0
  for (let i = 0; i < vector.length; i += 1) {
    const rest = sum[i]! - share * vector[i]!
    product += vector[i]! * rest
    squares += rest * rest
  }
  return squares === 0 ? 0 : product / Math.sqrt(squares)
}
