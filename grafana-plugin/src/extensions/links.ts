/** Links from Grafana's own pages into the app: from a trace to its conversation, from an alert to its topic, from anywhere by name. */
import { PluginExtensionPoints, type PluginExtensionAddedLinkConfig } from '@grafana/data'
import { rootPath } from '../constants.ts'

/** What Grafana's trace view tells a link. Not documented for plugins, so every part may be missing. */
interface TraceContext {
  readonly traceId?: string
  readonly trace?: { readonly traceID?: string }
}

/** What Grafana's alert list tells a link. */
interface AlertContext {
  readonly instance?: { readonly labels?: Readonly<Record<string, string>> }
}

// Titles are plugin data that Grafana compares with plugin.json: they are not translated.
const conversation: PluginExtensionAddedLinkConfig = {
  title: 'Open conversation',
  description: 'The session that this trace belongs to, with its topics',
  targets: [PluginExtensionPoints.TraceViewHeaderActions, PluginExtensionPoints.TraceViewDetails],
  icon: 'comments-alt',
  path: `${rootPath}/sessions`,
  configure: (context) => {
    const { traceId, trace } = (context ?? {}) as TraceContext
    const id = traceId ?? trace?.traceID
    return id === undefined ? undefined : { path: `${rootPath}/sessions/${encodeURIComponent(id)}` }
  },
}

const alertTopic: PluginExtensionAddedLinkConfig = {
  title: 'Open topic',
  description: 'The topic that this alert is about',
  targets: PluginExtensionPoints.AlertInstanceAction,
  icon: 'layer-group',
  path: `${rootPath}/topics`,
  configure: (context) => {
    const id = ((context ?? {}) as AlertContext).instance?.labels?.['topic_id']
    return id === undefined ? undefined : { path: `${rootPath}/topics/${encodeURIComponent(id)}?from=now-24h&to=now` }
  },
}

const commands: PluginExtensionAddedLinkConfig[] = [
  { title: 'Turret: topics', description: 'What users talk about', page: 'topics' },
  { title: 'Turret: journeys', description: 'How conversations flow', page: 'journeys' },
  { title: 'Turret: sessions', description: 'The conversations themselves', page: 'sessions' },
].map(({ title, description, page }) => ({
  title,
  description,
  targets: PluginExtensionPoints.CommandPalette,
  path: `${rootPath}/${page}`,
}))

export const links: readonly PluginExtensionAddedLinkConfig[] = [conversation, alertTopic, ...commands]
