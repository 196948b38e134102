/** Reads a data frame with the columns From, To and a number; Step, Share, Drop-offs, Active, Topic id and Color where they are. */
import type { DataFrame } from '@grafana/data'
import type { JourneysAnswer } from '../../api/types.ts'
import type { Flow } from '../../charts/sankey/flow.ts'

export interface PanelJourneys {
  readonly flow: Flow
  readonly pairs: Pick<JourneysAnswer, 'topics' | 'follow_ups' | 'drop_offs'>
  /** Topic id by label, where the frame has ids. */
  readonly ids: ReadonlyMap<string, string>
  /** What the data source was asked; drill-downs ask the same. */
  readonly asked: Readonly<Record<string, string>>
  /** Names of Grafana's colours by label. */
  readonly colors: ReadonlyMap<string, string>
}

interface Row {
  readonly step: number
  readonly from: string
  /** '' = the row tells of the node itself: how many end there. */
  readonly to: string
  readonly sessions: number
  readonly dropOffs: number
  readonly active: number
  /** Of those who leave `from`; undefined = to be worked out from the rows. */
  readonly share: number | undefined
}

/** @returns undefined when the frame has no From, To or number */
export function readFrame(frame: DataFrame): PanelJourneys | undefined {
  const column = (names: readonly string[]) => frame.fields.find(({ name }) => names.includes(name.toLowerCase()))?.values
  const from = column(['from', 'from_topic', 'source'])
  const to = column(['to', 'to_topic', 'target'])
  const counts = column(['sessions', 'count', 'transitions', 'value'])
  if (!from || !to || !counts) {
    return undefined
  }
  const steps = column(['step'])
  const dropOffs = column(['drop-offs', 'drop_offs'])
  const active = column(['active'])
  const shares = column(['share'])
  const rows = Array.from({ length: frame.length }, (_, i): Row => ({
    step: Number(steps?.[i] ?? 1),
    from: String(from[i]),
    to: String(to[i] ?? ''),
    sessions: Number(counts[i]) || 0,
    dropOffs: Number(dropOffs?.[i] ?? 0),
    active: Number(active?.[i] ?? 0),
    share: shares === undefined ? undefined : Number(shares[i]),
  }))
  const byLabel = (labels: readonly string[], values: readonly (string | null)[] | undefined) =>
    labels.flatMap((label, i): [string, string][] => (values?.[i] ? [[label, values[i]]] : []))
  const [froms, tos] = [rows.map((row) => row.from), rows.map((row) => row.to)]
  const ids = new Map([...byLabel(froms, column(['topic id', 'topic_id'])), ...byLabel(tos, column(['to id', 'to_id']))])
  // In a frame with ids, what has none is “Other”.
  const topicOf = (label: string) => (ids.size > 0 && !ids.has(label) ? null : label)
  return {
    flow: toFlow(rows, topicOf),
    pairs: toPairs(rows),
    ids,
    asked: Object.fromEntries(Object.entries(frame.meta?.custom ?? {}).map(([name, value]) => [name, String(value)])),
    colors: new Map([...byLabel(froms, column(['color'])), ...byLabel(tos, column(['to color', 'to_color']))]),
  }
}

/** Nodes that no row tells of are made up from the bands that meet in them. */
function toFlow(rows: readonly Row[], topicOf: (label: string) => string | null): Flow {
  const nodes = new Map<string, { step: number; label: string; in: number; out: number; own?: Row }>()
  const at = (step: number, label: string) => {
    const key = `${step} ${label}`
    const node = nodes.get(key) ?? { step, label, in: 0, out: 0 }
    nodes.set(key, node)
    return node
  }
  const bands = rows.filter(({ to }) => to !== '')
  for (const { step, from, to, sessions } of bands) {
    at(step, from).out += sessions
    at(step + 1, to).in += sessions
  }
  for (const row of rows.filter(({ to }) => to === '')) {
    at(row.step, row.from).own = row
  }
  const steps = [...new Set([...nodes.values()].map(({ step }) => step))].sort((a, b) => a - b)
  return {
    steps: steps.map((step) => ({
      step,
      nodes: [...nodes.values()]
        .filter((node) => node.step === step)
        .map(({ label, in: into, out, own }) => ({
          topic_id: topicOf(label),
          sessions: own?.sessions ?? Math.max(into, out),
          drop_offs: own?.dropOffs ?? 0,
          active: own?.active ?? 0,
        })),
    })),
    links: bands.map(({ step, from, to, sessions }) => ({ step, from: topicOf(from), to: topicOf(to), sessions })),
  }
}

/** Transitions over all steps. */
function toPairs(rows: readonly Row[]): PanelJourneys['pairs'] {
  const sum = (list: readonly Row[], key: (row: Row) => string, value: (row: Row) => number) => {
    const sums = new Map<string, number>()
    for (const row of list) {
      sums.set(key(row), (sums.get(key(row)) ?? 0) + value(row))
    }
    return sums
  }
  const bands = rows.filter(({ to }) => to !== '')
  const leaving = sum(
    bands,
    ({ from }) => from,
    ({ sessions }) => sessions,
  )
  const arriving = sum(
    bands,
    ({ to }) => to,
    ({ sessions }) => sessions,
  )
  const pairs = sum(
    bands,
    ({ from, to }) => JSON.stringify([from, to]),
    ({ sessions }) => sessions,
  )
  const ends = sum(
    rows,
    ({ from }) => from,
    ({ dropOffs }) => dropOffs,
  )
  const all = Math.max(
    1,
    [...leaving.values()].reduce((total, count) => total + count, 0),
  )
  const labels = [...new Set([...leaving.keys(), ...arriving.keys()])]
  return {
    topics: labels.map((label) => {
      const [followUps, dropOffs] = [leaving.get(label) ?? 0, ends.get(label) ?? 0]
      return {
        topic_id: label,
        visits: followUps + dropOffs,
        sessions: 0,
        follow_ups: followUps,
        drop_offs: dropOffs,
        active: 0,
        returns: 0,
        rephrases: 0,
      }
    }),
    follow_ups: [...pairs].map(([key, count]) => {
      const [from, to] = JSON.parse(key) as [string, string]
      const known = bands.find((row) => row.from === from && row.to === to)?.share
      const share = known ?? count / Math.max(1, leaving.get(from) ?? 0)
      return { from, to, count, sessions: count, share, lift: share / Math.max((arriving.get(to) ?? 0) / all, 1e-9), median_seconds: 0 }
    }),
    drop_offs: [],
  }
}
