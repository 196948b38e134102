/** The journeys' flow as nodes and bands between them: what is drawn, not where. */
import type { JourneysAnswer } from '../../api/types.ts'

export type Flow = JourneysAnswer['flow']

export interface FlowNode {
  readonly key: string
  readonly step: number
  /** null = “Other” */
  readonly topicId: string | null
  readonly sessions: number
  readonly dropOffs: number
  readonly active: number
}

export interface FlowLink {
  readonly key: string
  readonly step: number
  readonly from: FlowNode
  readonly to: FlowNode
  readonly sessions: number
}

export interface FlowParts {
  readonly steps: readonly number[]
  readonly nodes: readonly FlowNode[]
  readonly links: readonly FlowLink[]
}

const keyOf = (step: number, topicId: string | null) => `${step}/${topicId ?? 'other'}`

/** Links to nodes that the flow does not list are left out. */
export function readFlow(flow: Flow): FlowParts {
  const nodes = flow.steps.flatMap(({ step, nodes }) =>
    nodes.map(({ topic_id, sessions, drop_offs, active }): FlowNode => ({
      key: keyOf(step, topic_id),
      step,
      topicId: topic_id,
      sessions,
      dropOffs: drop_offs,
      active,
    })),
  )
  const known = new Map(nodes.map((node) => [node.key, node]))
  const links = flow.links.flatMap(({ step, sessions, ...ids }): FlowLink[] => {
    const from = known.get(keyOf(step, ids.from))
    const to = known.get(keyOf(step + 1, ids.to))
    return sessions > 0 && from && to ? [{ key: `${from.key} ${to.key}`, step, from, to, sessions }] : []
  })
  return { steps: flow.steps.map(({ step }) => step), nodes, links }
}

/** @returns keys of what belongs to a part: a band's ends, a node's bands and where they lead; undefined for a part that is not there */
export function touching({ nodes, links }: FlowParts, key: string): ReadonlySet<string> | undefined {
  const touched = links.filter((link) => [link.key, link.from.key, link.to.key].includes(key))
  const isThere = touched.length > 0 || nodes.some((node) => node.key === key)
  return isThere ? new Set([key, ...touched.flatMap((link) => [link.key, link.from.key, link.to.key])]) : undefined
}
