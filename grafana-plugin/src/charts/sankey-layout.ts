/** Places the journeys' flow: one column per step, so that going back and forth never makes a circle. */
import { sankey, sankeyLinkHorizontal, type SankeyGraph } from 'd3-sankey'
import type { JourneysAnswer } from '../api/types.ts'

export type Flow = JourneysAnswer['flow']

export interface FlowNode {
  readonly key: string
  readonly step: number
  /** null = “Other” */
  readonly topicId: string | null
  readonly sessions: number
  readonly dropOffs: number
  readonly active: number
  readonly x: number
  readonly y: number
  readonly height: number
  /** Where the sessions that end here leave the node: y and height at its right side. */
  readonly exit: { readonly y: number; readonly height: number }
}

export interface FlowLink {
  readonly key: string
  readonly step: number
  readonly from: FlowNode
  readonly to: FlowNode
  readonly sessions: number
  /** SVG path along the middle of the band. */
  readonly path: string
  readonly width: number
}

export interface FlowLayout {
  readonly nodes: readonly FlowNode[]
  readonly links: readonly FlowLink[]
  /** Left edge of every column. */
  readonly columns: readonly { readonly step: number; readonly x: number }[]
}

export interface Size {
  readonly width: number
  readonly height: number
}

export const nodeWidth = 14
/** Room for a label beside the smallest node. */
const nodePadding = 16

interface NodeIn {
  key: string
  step: number
  topicId: string | null
  sessions: number
  dropOffs: number
  active: number
  fixedValue: number
}

interface LinkIn {
  source: string
  target: string
  value: number
  step: number
}

const keyOf = (step: number, topicId: string | null) => `${step}/${topicId ?? 'other'}`

/** Places nodes and links in a box; links to nodes that the flow does not list are left out. Cost: a few ms for 200 links. */
export function layOutFlow(flow: Flow, { width, height }: Size): FlowLayout {
  const steps = flow.steps.map(({ step }) => step)
  const nodes = flow.steps.flatMap(({ step, nodes }) =>
    nodes.map(({ topic_id, sessions, drop_offs, active }): NodeIn => ({
      key: keyOf(step, topic_id),
      step,
      topicId: topic_id,
      sessions,
      dropOffs: drop_offs,
      active,
      fixedValue: sessions,
    })),
  )
  const keys = new Set(nodes.map(({ key }) => key))
  const links = flow.links
    .map(({ step, from, to, sessions }): LinkIn => ({ step, source: keyOf(step, from), target: keyOf(step + 1, to), value: sessions }))
    .filter(({ source, target, value }) => value > 0 && keys.has(source) && keys.has(target))
  if (nodes.length === 0 || width <= 0) {
    return { nodes: [], links: [], columns: [] }
  }

  const fullest = Math.max(...flow.steps.map((step) => step.nodes.length))
  const graph = sankey<NodeIn, LinkIn>()
    .nodeId(({ key }) => key)
    .nodeAlign(({ step }) => steps.indexOf(step))
    .nodeSort((a, b) => Number(a.topicId === null) - Number(b.topicId === null) || b.sessions - a.sessions)
    .nodeWidth(nodeWidth)
    .nodePadding(Math.min(nodePadding, height / 2 / Math.max(fullest, 1)))
    .extent([
      [0, 0],
      [width, height],
    ])({ nodes, links })
  return toLayout(graph, steps)
}

function toLayout(graph: SankeyGraph<NodeIn, LinkIn>, steps: readonly number[]): FlowLayout {
  const toPath = sankeyLinkHorizontal<NodeIn, LinkIn>()
  const placed = new Map(
    graph.nodes.map((node) => {
      const { key, step, topicId, sessions, dropOffs, active, x0 = 0, y0 = 0, y1 = 0 } = node
      const height = Math.max(1, y1 - y0)
      const ending = sessions === 0 ? 0 : ((dropOffs + active) / sessions) * height
      return [
        key,
        { key, step, topicId, sessions, dropOffs, active, x: x0, y: y0, height, exit: { y: y0 + height - ending, height: ending } },
      ] as const
    }),
  )
  const links = graph.links.flatMap((link): FlowLink[] => {
    const from = placed.get((link.source as NodeIn).key)
    const to = placed.get((link.target as NodeIn).key)
    const path = toPath(link)
    return from && to && path
      ? [{ key: `${from.key} ${to.key}`, step: link.step, from, to, sessions: link.value, path, width: Math.max(1, link.width ?? 1) }]
      : []
  })
  const columns = steps.map((step) => ({ step, x: [...placed.values()].find((node) => node.step === step)?.x ?? 0 }))
  return { nodes: [...placed.values()], links, columns }
}
