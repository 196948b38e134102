/** One colour per topic, the same on every page and from run to run. */
import type { GrafanaTheme2 } from '@grafana/data'

/** Names of Grafana's own colours, neighbours far apart in hue. */
const colorNames = [
  'semi-dark-blue',
  'orange',
  'semi-dark-green',
  'semi-dark-purple',
  'dark-yellow',
  'semi-dark-red',
  'light-blue',
  'light-orange',
  'light-green',
  'light-purple',
  'light-red',
  'super-light-blue',
  'dark-orange',
  'dark-green',
  'dark-purple',
  'yellow',
  'dark-red',
  'dark-blue',
  'super-light-orange',
  'super-light-green',
  'super-light-purple',
  'super-light-red',
] as const

/**
 * Gives the oldest topics the first colours, so that a new topic never changes the colour of another.
 * @param topics any order; beyond the number of colours they repeat
 * @returns topic id → name of one of Grafana's colours
 */
export function assignColorNames(topics: readonly { id: string; born_at: string }[]): Map<string, string> {
  const oldestFirst = [...topics].sort((a, b) => a.born_at.localeCompare(b.born_at) || a.id.localeCompare(b.id))
  return new Map(oldestFirst.map(({ id }, index) => [id, colorNames[index % colorNames.length] ?? colorNames[0]]))
}

/** Grey: for what belongs to no topic and for “Other”. */
export function unclusteredColor(theme: GrafanaTheme2): string {
  return theme.colors.text.disabled
}
