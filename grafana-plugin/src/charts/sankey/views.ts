/** What of the flow is drawn in which words and colours, and where a click leads; independent of places and sizes. */
import { config } from '@grafana/runtime'
import type { TopicName } from '../../state/directory.tsx'
import type { FlowLink, FlowNode, FlowParts } from './flow.ts'
import { exitWords, sessionsOf, stepName } from './words.ts'

export interface SankeyLinks {
  readonly node: (node: FlowNode) => string
  readonly link: (link: FlowLink) => string
  readonly exit: (node: FlowNode) => string
}

export interface BandView {
  readonly key: string
  readonly color: string
  readonly title: string
  readonly href: string
}

export interface NodeView extends BandView {
  readonly label: string
  readonly sessions: number
  /** undefined = no session ends here */
  readonly exit: { readonly title: string; readonly href: string } | undefined
}

export interface FlowViews {
  readonly stepNames: ReadonlyMap<number, string>
  readonly bands: readonly BandView[]
  readonly nodes: readonly NodeView[]
}

export function toViews({ steps, nodes, links }: FlowParts, nameOf: (id: string | null) => TopicName, leadsTo: SankeyLinks): FlowViews {
  const stepNames = new Map(steps.map((step) => [step, stepName(step, steps.includes(0))]))
  const totals = steps.map((step) => nodes.reduce((sum, node) => sum + (node.step === step ? node.sessions : 0), 0))
  const inWords = sessionsOf(Math.max(...totals))
  return {
    stepNames,
    bands: links.map((link) => {
      const { label, color } = nameOf(link.from.topicId)
      const title = `${label} → ${nameOf(link.to.topicId).label}: ${inWords(link.sessions)}`
      return { key: link.key, color, title, href: config.appSubUrl + leadsTo.link(link) }
    }),
    nodes: nodes.map((node) => {
      const { key, step, sessions, dropOffs, active } = node
      const { label, color } = nameOf(node.topicId)
      const title = `${stepNames.get(step)}: ${label}: ${inWords(sessions)}`
      const exit = dropOffs + active === 0 ? undefined : { title: exitWords(node), href: config.appSubUrl + leadsTo.exit(node) }
      return { key, label, color, title, sessions, href: config.appSubUrl + leadsTo.node(node), exit }
    }),
  }
}
