/** JourneyBench: how far the journeys over found topics are from those over the true intents. */

/** A session's turns: the true intent and the found topic of each, in order. */
export interface LabelledSession {
  readonly gold: readonly string[]
  readonly found: readonly string[]
}

/** Shares and agreements 0…1; distances are the square root of the Jensen–Shannon divergence in base 2, 0…1. */
export interface JourneyScores {
  readonly topics: number
  readonly turnAccuracy: number
  readonly starts: number
  readonly ends: number
  readonly pairs: number
  /** Of the next topic given the topic, weighted by true traffic. */
  readonly rows: number
  readonly top1: number
  readonly top3: number
}

type Counts = Map<string, number>

const leastTransitions = 20 // of a true intent whose follow-ups are judged

export function scoreJourneys(sessions: readonly LabelledSession[]): JourneyScores {
  const names = matchTopics(sessions)
  const gold = sessions.map((session) => collapse(session.gold))
  const found = sessions.map((session) => collapse(session.found.map((topic) => names.get(topic) ?? `topic ${topic}`)))
  const turns = sessions.flatMap((session) => session.gold.map((intent, i) => names.get(session.found[i]!) === intent))
  const [goldRows, foundRows] = [toRows(gold), toRows(found)]
  const judged = [...goldRows].filter(([, row]) => total(row) >= leastTransitions)
  const traffic = judged.reduce((sum, [, row]) => sum + total(row), 0)
  const row = (intent: string): Counts => foundRows.get(intent) ?? new Map()
  return {
    topics: new Set(sessions.flatMap((session) => session.found)).size,
    turnAccuracy: turns.filter(Boolean).length / turns.length,
    starts: distance(count(gold.map((path) => path[0]!)), count(found.map((path) => path[0]!))),
    ends: distance(count(gold.map((path) => path.at(-1)!)), count(found.map((path) => path.at(-1)!))),
    pairs: distance(count(gold.flatMap(pairsOf)), count(found.flatMap(pairsOf))),
    rows: judged.reduce((sum, [intent, counts]) => sum + (total(counts) / traffic) * distance(counts, row(intent)), 0),
    top1: mean(judged.map(([intent, counts]) => agreement(counts, row(intent), 1))),
    top3: mean(judged.map(([intent, counts]) => agreement(counts, row(intent), 3))),
  }
}

/** One true intent for each topic, at most one topic for each intent, so that the most turns agree; other topics stay their own. */
function matchTopics(sessions: readonly LabelledSession[]): Map<string, string> {
  const overlap = count(sessions.flatMap(({ gold, found }) => gold.map((intent, i) => `${found[i]}\t${intent}`)))
  const topics = [...new Set(sessions.flatMap((session) => session.found))]
  const intents = [...new Set(sessions.flatMap((session) => session.gold))]
  const size = Math.max(topics.length, intents.length)
  const cost = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => -(overlap.get(`${topics[i]}\t${intents[j]}`) ?? 0)),
  )
  return new Map(assign(cost).flatMap((j, i): [string, string][] => (cost[i]![j]! < 0 ? [[topics[i]!, intents[j]!]] : [])))
}

/** The column of each row in the assignment of least cost (Hungarian method with potentials). Cost O(n³). */
function assign(cost: readonly (readonly number[])[]): number[] {
  const n = cost.length
  const [u, v] = [new Float64Array(n + 1), new Float64Array(n + 1)]
  const rowOf = new Int32Array(n + 1)
  for (let row = 1; row <= n; row++) {
    const least = new Float64Array(n + 1).fill(Infinity)
    const from = new Int32Array(n + 1)
    const seen = new Uint8Array(n + 1)
    let column = 0
    rowOf[0] = row
    do {
      seen[column] = 1
      let [next, step] = [0, Infinity]
      for (let j = 1; j <= n; j++) {
        if (seen[j]) continue
        const slack = cost[rowOf[column]! - 1]![j - 1]! - u[rowOf[column]!]! - v[j]!
        if (slack < least[j]!) [least[j], from[j]] = [slack, column]
        if (least[j]! < step) [next, step] = [j, least[j]!]
      }
      for (let j = 0; j <= n; j++) {
        if (seen[j]) {
          u[rowOf[j]!]! += step
          v[j]! -= step
        } else least[j]! -= step
      }
      column = next
    } while (rowOf[column] !== 0)
    for (; column !== 0; column = from[column]!) rowOf[column] = rowOf[from[column]!]!
  }
  const columns = new Array<number>(n).fill(0)
  for (let j = 1; j <= n; j++) columns[rowOf[j]! - 1] = j - 1
  return columns
}

function collapse(path: readonly string[]): string[] {
  return path.filter((topic, i) => topic !== path[i - 1])
}

function pairsOf(path: readonly string[]): string[] {
  return path.slice(1).map((to, i) => `${path[i]}\t${to}`)
}

function toRows(paths: readonly (readonly string[])[]): Map<string, Counts> {
  const rows = new Map<string, Counts>()
  for (const path of paths) {
    for (const [i, to] of path.slice(1).entries()) {
      const row = rows.get(path[i]!) ?? new Map<string, number>()
      rows.set(path[i]!, row.set(to, (row.get(to) ?? 0) + 1))
    }
  }
  return rows
}

/** How many of the k most frequent true follow-ups are among the k most frequent found ones. */
function agreement(gold: Counts, found: Counts, k: number): number {
  const top = (counts: Counts): string[] =>
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, k)
      .map(([name]) => name)
  const wanted = top(gold)
  const got = new Set(top(found))
  return wanted.filter((name) => got.has(name)).length / wanted.length
}

/** Square root of the Jensen–Shannon divergence, base 2. */
function distance(a: Counts, b: Counts): number {
  const [sumA, sumB] = [total(a), total(b)]
  if (sumA === 0 || sumB === 0) return sumA === sumB ? 0 : 1
  let divergence = 0
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [p, q] = [(a.get(key) ?? 0) / sumA, (b.get(key) ?? 0) / sumB]
    const m = (p + q) / 2
    divergence += (p === 0 ? 0 : p * Math.log2(p / m)) / 2 + (q === 0 ? 0 : q * Math.log2(q / m)) / 2
  }
  return Math.sqrt(Math.max(0, divergence))
}

function count(keys: readonly string[]): Counts {
  const counts: Counts = new Map()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, n) => sum + n, 0)
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length
}
