/** Names that Grafana, the plugin and its tests agree on. */

export const pluginId = 'turret-topics-app'
export const rootPath = `/a/${pluginId}`
/** Grafana's proxy to the collector's query API; it adds the API key (see `routes` in plugin.json). */
export const apiPath = `/api/plugin-proxy/${pluginId}/api`
/** What the query API calls events that belong to no topic. */
export const unclusteredId = '0000000000000000'
