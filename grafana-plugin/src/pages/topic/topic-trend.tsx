/** A topic's messages over the time range. */
import type { TopicDetail } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { BarTrend } from '../../charts/bar-trend.tsx'
import { Section } from '../../components/section.tsx'
import { formatAgo } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { toSideQuery } from '../../state/filters.ts'
import { useUrl } from '../../state/url.ts'

export function TopicTrend({ topic }: { readonly topic: TopicDetail }) {
  const { params } = useUrl()
  // The buckets' times come with the list of topics.
  const list = useQuery('topics', { query: { ...toSideQuery(params, 'a'), level: topic.level, limit: 1 } })
  const title = t('topic.trend', 'Messages over time')
  return (
    <Section
      title={title}
      hint={t('topic.seen', 'First seen {{first}}, last seen {{last}}', {
        first: formatAgo(topic.first_seen),
        last: formatAgo(topic.last_seen),
      })}
    >
      <BarTrend
        values={topic.trend}
        times={list.data?.buckets ?? []}
        color={useDirectory().name(topic.id).color}
        label={`${title}: ${topic.label}`}
      />
    </Section>
  )
}
