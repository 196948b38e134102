/** What people change about topics, as constraints that hold in every run until they are taken back. */
import type { Anchors } from './anchors.ts'
import type { TopicTable } from './topic-table.ts'

/** One edit. Topics and anchors are named by their ids. */
export type TopicEdit =
  /** All that is or would be in `from` is in `into`. */
  | { readonly kind: 'merge'; readonly into: bigint; readonly from: readonly bigint[] }
  /** These anchors leave `from` for a topic of their own, whose new id the caller chooses. */
  | { readonly kind: 'split'; readonly from: bigint; readonly into: bigint; readonly anchors: BigUint64Array }
  /** These anchors belong to `to`, and stay there. */
  | { readonly kind: 'move'; readonly to: bigint; readonly anchors: BigUint64Array }
  /** The topic never ends and never loses a message. */
  | { readonly kind: 'pin'; readonly topic: bigint }

/** All edits in force, oldest first: of two that contradict each other the later one holds. */
export type Constraints = readonly TopicEdit[]

/** Edits in terms of indexes. */
export interface CompiledEdits {
  /** Anchors that were moved or split off → their topic. */
  readonly overrides: ReadonlyMap<number, number>
  /** Topics that were merged away → where to. */
  readonly mergedInto: ReadonlyMap<number, number>
  /** Topics that people have merged into, split off or pinned: a run takes nothing out of them. */
  readonly held: ReadonlySet<number>
  /** Positions of edits that name a topic nobody knows: they change nothing. */
  readonly ignored: readonly number[]
}

export const noEdits: CompiledEdits = { overrides: new Map(), mergedInto: new Map(), held: new Set(), ignored: [] }

/** Looks up ids; topics that ended stand for those that took their messages. Adds the topics that a split makes. */
export function compileEdits(edits: Constraints, topics: TopicTable, anchors: Anchors): CompiledEdits {
  const overrides = new Map<number, number>()
  const mergedInto = new Map<number, number>()
  const held = new Set<number>()
  const ignored: number[] = []
  const find = (id: bigint): number => topics.living(topics.find(id))
  edits.forEach((edit, position) => {
    const target = edit.kind === 'split' ? splitTarget(edit, topics) : find(targetOf(edit))
    if (target < 0) {
      ignored.push(position)
      return
    }
    if (edit.kind !== 'move') held.add(target)
    if (edit.kind === 'merge') {
      for (const id of edit.from) mergeTopic(topics.find(id), target)
    } else if (edit.kind !== 'pin') {
      for (const id of edit.anchors) {
        const anchor = anchors.findId(id)
        if (anchor >= 0) overrides.set(anchor, target)
      }
    }
  })
  return { overrides, mergedInto, held: new Set([...held].map((topic) => followMerges(mergedInto, topic))), ignored }

  function mergeTopic(from: number, into: number): void {
    const source = followMerges(mergedInto, from)
    const target = followMerges(mergedInto, into)
    if (source >= 0 && source !== target) mergedInto.set(source, target)
  }
}

/** The topic people see, from the machine's or an override's. */
export function followMerges(mergedInto: ReadonlyMap<number, number>, topic: number): number {
  let at = topic
  for (let next = mergedInto.get(at); next !== undefined; next = mergedInto.get(at)) at = next
  return at
}

function targetOf(edit: Exclude<TopicEdit, { kind: 'split' }>): bigint {
  if (edit.kind === 'merge') return edit.into
  return edit.kind === 'move' ? edit.to : edit.topic
}

/** A topic split off for the first time begins where its origin is. */
function splitTarget(edit: Extract<TopicEdit, { kind: 'split' }>, topics: TopicTable): number {
  const origin = topics.find(edit.from)
  if (origin < 0 || edit.into === 0n) return -1
  const isNew = topics.find(edit.into) < 0
  const index = topics.add(edit.into)
  if (isNew) topics.parents[index] = topics.parents[origin]!
  return index
}
