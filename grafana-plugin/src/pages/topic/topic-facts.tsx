/** A topic's key figures. */
import type { TopicDetail } from '../../api/types.ts'
import { Stats } from '../../components/stats.tsx'
import { formatCompact, formatCost, formatCount, formatSeconds, formatShare } from '../../format.ts'
import { plural, t } from '../../i18n.ts'

export function TopicFacts({ topic }: { readonly topic: TopicDetail }) {
  const tokens = topic.input_tokens + topic.output_tokens
  return (
    <Stats
      stats={[
        {
          label: t('topics.messages', 'Messages'),
          value: formatCount(topic.events),
          note: t('topic.of-all', '{{share}} of all', { share: formatShare(topic.share) }),
        },
        {
          label: t('topics.sessions', 'Sessions'),
          value: formatCount(topic.sessions),
          note: plural('topic.of-users', 'one user', '{{count, number}} users', topic.users),
        },
        {
          label: t('topics.drop-off', 'Drop-off'),
          value: formatShare(topic.drop_off_rate),
          note: t('topic.of-visits', 'of its visits end here'),
        },
        {
          label: t('topic.rephrased', 'Rephrased'),
          value: formatShare(topic.rephrase_rate),
          note: t('topic.rephrased-note', 'asked again at once'),
        },
        {
          label: t('topics.errors', 'Errors'),
          value: formatShare(topic.error_rate),
          note: t('topic.latency', '{{time}} to answer', { time: formatSeconds(topic.latency_ms / 1000) }),
        },
        {
          label: t('topic.cost', 'Cost'),
          value: formatCost(topic.cost),
          note: t('topic.tokens', '{{count}} tokens', { count: formatCompact(tokens) }),
        },
      ]}
    />
  )
}
