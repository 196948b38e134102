/** The flow of the journeys: which topics come at each step, and what follows them. */
import { unclusteredId } from './contract/common.ts'
import type { JourneysAnswer } from './contract/journeys.ts'
import type { PathRow } from './shared-paths.ts'

/** A row of `journeys.sql`. */
export interface JourneyRow extends PathRow {
  readonly List: 'topic' | 'follow_up' | 'pair' | 'cycle' | 'node' | 'link'
  readonly Cycle: string[]
  readonly Steps: number
  readonly Sessions: number
  readonly Turns: number
  readonly Starts: number
  readonly DropOffs: number
  readonly Active: number
  readonly Returns: number
  readonly Rephrases: number
  readonly RephraseSessions: number
  readonly DropOffErrors: number
  readonly DropOffLatencyMs: number
  readonly Seconds: number
  readonly Total: number
}

/** @param isShared nodes and links that are not belong to the Other of their step; what leaves a topic still adds up */
export function toFlowAnswer(
  nodes: readonly JourneyRow[],
  links: readonly JourneyRow[],
  isShared: (row: PathRow) => boolean,
): JourneysAnswer['flow'] {
  const shown = (topic: string | null, place: number): string | null =>
    topic !== null && isShared({ List: 'node', Place: place, FromTopic: topic, ToTopic: unclusteredId, Cycle: [] }) ? topic : null
  const ownNodes = nodes.map((row) => ({ ...row, FromTopic: shown(row.FromTopic, row.Place) }))
  const ownLinks = links.map((row) => {
    const [from, to] = [shown(row.FromTopic, row.Place), shown(row.ToTopic, row.Place + 1)]
    return { ...row, FromTopic: from, ToTopic: from === null || isShared(row) ? to : null }
  })
  const places = [...new Set(nodes.map((row) => row.Place))].sort((a, b) => a - b)
  return {
    steps: places.map((step) => ({
      step,
      nodes: addUp(ownNodes.filter((row) => row.Place === step)).map((row) => ({
        topic_id: row.FromTopic,
        sessions: row.Sessions,
        drop_offs: row.DropOffs,
        active: row.Active,
      })),
    })),
    links: addUp(ownLinks).map((row) => ({ step: row.Place, from: row.FromTopic, to: row.ToTopic, sessions: row.Sessions })),
  }
}

/** Rows of one place and of the same topics as one row. */
function addUp(rows: readonly JourneyRow[]): JourneyRow[] {
  const sums = new Map<string, JourneyRow>()
  for (const row of rows) {
    const key = `${row.Place} ${row.FromTopic} ${row.ToTopic}`
    const { Sessions, DropOffs, Active } = sums.get(key) ?? { Sessions: 0, DropOffs: 0, Active: 0 }
    sums.set(key, { ...row, Sessions: Sessions + row.Sessions, DropOffs: DropOffs + row.DropOffs, Active: Active + row.Active })
  }
  return [...sums.values()]
}
