/** Places the journeys' flow: one column per step, so that going back and forth never makes a circle. */
import { sankey, sankeyLinkHorizontal, type SankeyGraph } from 'd3-sankey'
import type { FlowNode, FlowParts } from './flow.ts'

export interface NodePlace {
  readonly x: number
  readonly y: number
  readonly height: number
  /** Where the sessions that end here leave the node: y and height at its right side. */
  readonly exit: { readonly y: number; readonly height: number }
}

export interface BandPlace {
  /** SVG path along the middle of the band. */
  readonly path: string
  readonly width: number
}

export interface FlowLayout {
  /** By key. */
  readonly nodes: ReadonlyMap<string, NodePlace>
  readonly bands: ReadonlyMap<string, BandPlace>
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

type NodeIn = FlowNode & { readonly fixedValue: number }

interface LinkIn {
  readonly key: string
  readonly source: string
  readonly target: string
  readonly value: number
}

/** Places nodes and bands in a box. Cost: a few ms for 200 bands. */
export function layOutFlow({ steps, nodes, links }: FlowParts, { width, height }: Size): FlowLayout {
  if (nodes.length === 0 || width <= 0) {
    return { nodes: new Map(), bands: new Map(), columns: [] }
  }
  const fullest = Math.max(...steps.map((step) => nodes.filter((node) => node.step === step).length))
  const graph = sankey<NodeIn, LinkIn>()
    .nodeId(({ key }) => key)
    .nodeAlign(({ step }) => steps.indexOf(step))
    .nodeSort((a, b) => Number(a.topicId === null) - Number(b.topicId === null) || b.sessions - a.sessions)
    .nodeWidth(nodeWidth)
    .nodePadding(Math.min(nodePadding, height / 2 / fullest))
    .extent([
      [0, 0],
      [width, height],
    ])({
    nodes: nodes.map((node) => ({ ...node, fixedValue: node.sessions })),
    links: links.map(({ key, from, to, sessions }) => ({ key, source: from.key, target: to.key, value: sessions })),
  })
  return toLayout(graph, steps)
}

function toLayout(graph: SankeyGraph<NodeIn, LinkIn>, steps: readonly number[]): FlowLayout {
  const toPath = sankeyLinkHorizontal<NodeIn, LinkIn>()
  const nodes = graph.nodes.map(({ key, sessions, dropOffs, active, x0 = 0, y0 = 0, y1 = 0 }) => {
    const height = Math.max(1, y1 - y0)
    const ending = sessions === 0 ? 0 : ((dropOffs + active) / sessions) * height
    return [key, { x: x0, y: y0, height, exit: { y: y0 + height - ending, height: ending } }] as const
  })
  const bands = graph.links.map((link) => [link.key, { path: toPath(link) ?? '', width: Math.max(1, link.width ?? 1) }] as const)
  const columns = steps.map((step) => ({ step, x: graph.nodes.find((node) => node.step === step)?.x0 ?? 0 }))
  return { nodes: new Map(nodes), bands: new Map(bands), columns }
}
