/** Journeys worked out in plain memory, by the definitions of docs/journeys.md: what the SQL is checked against. */
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import { idleMs, type TestEvent, topic } from './support.ts'

export interface Journey {
  readonly id: string
  readonly path: readonly string[]
  readonly rephrases: readonly number[]
  readonly turns: number
  readonly isActive: boolean
}

const unclustered = '0'.repeat(16)

export function toJourneys(events: readonly TestEvent[]): Journey[] {
  const bySession = new Map<string, TestEvent[]>()
  for (const event of events) bySession.set(event.session, [...(bySession.get(event.session) ?? []), event])
  return [...bySession].map(([id, turns]) => toJourney(id, turns))
}

function toJourney(id: string, unordered: readonly TestEvent[]): Journey {
  const turns = unordered.toSorted((a, b) => b.ago - a.ago || (a.id! < b.id! ? -1 : 1))
  const path: string[] = []
  const rephrases: number[] = []
  for (const [i, turn] of turns.entries()) {
    const here = turn.anchor ? topic(Number(turn.anchor)) : unclustered
    const before = turns[i - 1]
    if (path.at(-1) !== here) {
      path.push(here)
      rephrases.push(0)
    } else if ((turn.anchor && turn.anchor === before?.anchor) || (turn.textHash && turn.textHash === before?.textHash)) {
      rephrases[rephrases.length - 1]! += 1
    }
  }
  const silenceMs = Math.min(...turns.map((turn) => turn.ago)) * 1000
  return { id, path, rephrases, turns: turns.length, isActive: silenceMs < idleMs }
}

/** Counts by key, as a sorted list of [key, count]. */
function count(keys: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const distinct = (keys: readonly string[]): string[] => [...new Set(keys)]

/** The numbers of an answer that must be equal, each list as key → number. */
export interface Figures {
  readonly sessions: number
  readonly active: number
  readonly events: number
  readonly steps: number
  readonly visits: Map<string, number>
  readonly visitors: Map<string, number>
  readonly returns: Map<string, number>
  readonly rephrases: Map<string, number>
  readonly starts: Map<string, number>
  readonly followUps: Map<string, number>
  readonly followUpSessions: Map<string, number>
  readonly dropOffs: Map<string, number>
  readonly stillActive: Map<string, number>
  readonly pairs: Map<string, number>
  readonly cycles: Map<string, number>
}

export function toFigures(journeys: readonly Journey[]): Figures {
  const transitions = (journey: Journey): string[] => journey.path.slice(1).map((to, i) => `${journey.path[i]} ${to}`)
  return {
    sessions: journeys.length,
    active: journeys.filter((journey) => journey.isActive).length,
    events: journeys.reduce((sum, journey) => sum + journey.turns, 0),
    steps: journeys.reduce((sum, journey) => sum + journey.path.length, 0),
    visits: count(journeys.flatMap((journey) => journey.path)),
    visitors: count(journeys.flatMap((journey) => distinct(journey.path))),
    returns: count(journeys.flatMap(({ path }) => distinct(path.filter((at, i) => path.indexOf(at) < i)))),
    rephrases: count(journeys.flatMap(({ path, rephrases }) => path.flatMap((at, i) => Array.from({ length: rephrases[i]! }, () => at)))),
    starts: count(journeys.map(({ path }) => path[0]!)),
    followUps: count(journeys.flatMap(transitions)),
    followUpSessions: count(journeys.flatMap((journey) => distinct(transitions(journey)))),
    dropOffs: count(journeys.filter((journey) => !journey.isActive).map(({ path }) => path.at(-1)!)),
    stillActive: count(journeys.filter((journey) => journey.isActive).map(({ path }) => path.at(-1)!)),
    pairs: count(
      journeys.flatMap(({ path }) => distinct(path.flatMap((at, i) => (path[i + 2] === at ? [[at, path[i + 1]!].sort().join(' ')] : [])))),
    ),
    cycles: count(journeys.flatMap(({ path }) => distinct(cyclesOf(path)))),
  }
}

function cyclesOf(path: readonly string[]): string[] {
  return path.flatMap((at, i) => {
    const length = path.slice(i + 1).indexOf(at) + 1
    const round = path.slice(i, i + length)
    if (length < 3 || length > 8 || new Set(round).size < length) return []
    const least = round.indexOf(round.toSorted()[0]!)
    return [[...round.slice(least), ...round.slice(0, least)].join(' ')]
  })
}

/** The same numbers, read from an answer. */
export function readFigures(answer: JourneysAnswer): Figures {
  const by = <T>(rows: readonly T[], key: (row: T) => string, value: (row: T) => number) =>
    new Map(rows.map((row): [string, number] => [key(row), value(row)]).filter(([, n]) => n > 0))
  const id = (row: { topic_id: string }): string => row.topic_id
  return {
    sessions: answer.sessions,
    active: answer.active,
    events: answer.events,
    steps: answer.steps,
    visits: by(answer.topics, id, (row) => row.visits),
    visitors: by(answer.topics, id, (row) => row.sessions),
    returns: by(answer.topics, id, (row) => row.returns),
    rephrases: by(answer.topics, id, (row) => row.rephrases),
    starts: by(answer.starts, id, (row) => row.sessions),
    followUps: by(
      answer.follow_ups,
      (row) => `${row.from} ${row.to}`,
      (row) => row.count,
    ),
    followUpSessions: by(
      answer.follow_ups,
      (row) => `${row.from} ${row.to}`,
      (row) => row.sessions,
    ),
    dropOffs: by(answer.drop_offs, id, (row) => row.sessions),
    stillActive: by(answer.topics, id, (row) => row.active),
    pairs: by(
      answer.back_and_forth,
      (row) => `${row.a} ${row.b}`,
      (row) => row.sessions,
    ),
    cycles: by(
      answer.cycles,
      (row) => row.path.join(' '),
      (row) => row.sessions,
    ),
  }
}

/** Sessions per node and link of the flow, with Other as `other`. @param places where a path's steps stand: −1, 0, 1 … or undefined */
export function toFlowFigures(journeys: readonly Journey[], shape: { depth: number; top: number; around?: string }) {
  const { depth, top, around } = shape
  const placed = journeys.flatMap(({ path }) => {
    const anchor = around === undefined ? -1 : path.indexOf(around)
    if (around !== undefined && anchor < 0) return []
    return [path.map((at, i): [number, string] => [i - anchor, at]).filter(([place]) => Math.abs(place) <= depth)]
  })
  const nodes = count(placed.flatMap((steps) => steps.map(([place, at]) => `${place} ${at}`)))
  const shown = new Set<string>()
  for (let place = -depth; place <= depth; place++) {
    const here = [...nodes].filter(([key]) => key.startsWith(`${place} `)).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    for (const [key] of here.slice(0, top)) shown.add(key)
  }
  const name = ([place, at]: [number, string]): string => (shown.has(`${place} ${at}`) ? at : 'other')
  return {
    nodes: count(placed.flatMap((steps) => steps.map((step) => `${step[0]} ${name(step)}`))),
    links: count(placed.flatMap((steps) => steps.slice(1).map((step, i) => `${steps[i]![0]} ${name(steps[i]!)} ${name(step)}`))),
  }
}

export function readFlowFigures({ flow }: JourneysAnswer) {
  return {
    nodes: new Map(
      flow.steps.flatMap(({ step, nodes }) =>
        nodes.map((node): [string, number] => [`${step} ${node.topic_id ?? 'other'}`, node.sessions]),
      ),
    ),
    links: new Map(
      flow.links.map((link): [string, number] => [`${link.step} ${link.from ?? 'other'} ${link.to ?? 'other'}`, link.sessions]),
    ),
  }
}

/** How many sessions reach each step of a funnel. */
export function toFunnelFigures(journeys: readonly Journey[], steps: readonly string[], strict: boolean): number[] {
  const reached = journeys.map(({ path }) => (strict ? strictly(path, steps) : loosely(path, steps)))
  return steps.map((_, i) => reached.filter((depth) => depth > i).length)
}

function loosely(path: readonly string[], steps: readonly string[]): number {
  return path.reduce((depth, at) => (at === steps[depth] ? depth + 1 : depth), 0)
}

function strictly(path: readonly string[], steps: readonly string[]): number {
  const from = (start: number): number => {
    const miss = steps.findIndex((step, i) => path[start + i] !== step)
    return miss < 0 ? steps.length : miss
  }
  return Math.max(...path.map((_, i) => from(i)))
}
