/** The topics of a project by id: labels, places in the hierarchy, and where merged ids live on. */
import type { Level } from './contract/common.ts'
import { unclusteredId } from './contract/common.ts'
import { type Asking, ask } from './context.ts'

export interface TopicRow {
  readonly Id: string
  readonly Level: Level
  readonly Parent: string
  readonly RedirectTo: string
  readonly IsActive: boolean
  readonly Label: string
  readonly Description: string
  readonly LabelSource: 'phrase' | 'llm' | 'user'
  readonly Keyphrases: string[]
  readonly Examples: string[]
  readonly Hidden: boolean
  readonly Pinned: boolean
  readonly Mass: number
  /** Unix ms. */
  readonly BornAt: number
}

export interface TopicIndex {
  /** A topic by id, as it is: redirects are not followed. */
  get(id: string): TopicRow | undefined
  /** Where readers of an id are sent: itself, if it was never merged. */
  resolve(id: string): string
  /** Every id that was merged, with the id it lives on in. */
  readonly redirects: ReadonlyMap<string, string>
  /** Rows of one level that are active and were not merged into others. */
  ofLevel(level: Level): readonly TopicRow[]
}

/** The topics of projects as they were a moment ago: the requests of one page, which come together, share one reading. */
export class TopicIndexes {
  private readonly maxAgeMs: number
  private readonly kept = new Map<string, { readonly at: number; readonly index: TopicIndex }>()

  /** @param maxAgeMs 0 = read for every request */
  constructor(maxAgeMs: number) {
    this.maxAgeMs = maxAgeMs
  }

  async of(asking: Asking): Promise<TopicIndex> {
    const now = performance.now()
    const kept = this.kept.get(asking.project)
    if (kept !== undefined && now - kept.at < this.maxAgeMs) return kept.index
    const index = await readTopicIndex(asking)
    this.kept.set(asking.project, { at: now, index })
    return index
  }

  /** To be called after an edit, so that the next request sees it. */
  forget(project: string): void {
    this.kept.delete(project)
  }
}

/** Reads the table `topics`: a few thousand small rows. */
export async function readTopicIndex(asking: Asking): Promise<TopicIndex> {
  return toTopicIndex(await ask<TopicRow>(asking, 'topic_index'))
}

export function toTopicIndex(rows: readonly TopicRow[]): TopicIndex {
  const byId = new Map(rows.map((row) => [row.Id, row]))
  const resolve = (id: string): string => {
    const seen = new Set([id])
    let here = id
    for (;;) {
      const next = byId.get(here)?.RedirectTo ?? unclusteredId
      if (next === unclusteredId || seen.has(next)) return here
      seen.add(next)
      here = next
    }
  }
  const redirects = new Map(rows.map((row): [string, string] => [row.Id, resolve(row.Id)]).filter(([from, to]) => from !== to))
  return {
    get: (id) => byId.get(id),
    resolve,
    redirects,
    ofLevel: (level) => rows.filter((row) => row.Level === level && row.IsActive && !redirects.has(row.Id)),
  }
}
