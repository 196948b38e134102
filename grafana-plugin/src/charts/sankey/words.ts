/** What the flow's drawing says about its parts. */
import { formatCount, formatShare } from '../../format.ts'
import { t, template } from '../../i18n.ts'
import type { FlowNode } from './flow.ts'

/** @param around the flow stands around a topic, which is step 0 */
export function stepName(step: number, around: boolean): string {
  if (!around) {
    return step === 1 ? t('sankey.start', 'Start') : t('sankey.step', 'Step {{step}}', { step })
  }
  return step === 0
    ? t('sankey.topic', 'Topic')
    : step < 0
      ? t('sankey.before', '{{count}} before', { count: -step })
      : t('sankey.after', '{{count}} after', { count: step })
}

/** @returns puts a number of sessions into words, with its share of `total` */
export function sessionsOf(total: number): (count: number) => string {
  const words = template('sankey.sessions', '{{count}} sessions ({{share}})')
  return (count) => words({ count: formatCount(count), share: formatShare(count / Math.max(total, 1)) })
}

/** The first number is that of the sessions which the link opens. */
export function exitWords({ sessions, dropOffs, active }: FlowNode): string {
  const words = { count: formatCount(dropOffs), all: formatCount(sessions), active: formatCount(active) }
  if (dropOffs === 0) {
    return t('sankey.active', '{{active}} of {{all}} sessions are here and still active', words)
  }
  const share = formatShare(dropOffs / Math.max(sessions, 1))
  return active === 0
    ? t('sankey.ends', '{{count}} of {{all}} sessions end here ({{share}})', { ...words, share })
    : t('sankey.ends-active', '{{count}} of {{all}} sessions end here ({{share}}), {{active}} are still active', { ...words, share })
}
