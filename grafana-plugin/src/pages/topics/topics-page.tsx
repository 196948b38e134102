/** Topics: what users talk about. */
import { useMemo } from 'react'
import type { TopicsAnswer } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { QueryView } from '../../components/query-view.tsx'
import { Page } from '../../components/page.tsx'
import { Stats } from '../../components/stats.tsx'
import { formatCount, formatShare } from '../../format.ts'
import { t } from '../../i18n.ts'
import { readFilters, toApiQuery } from '../../state/filters.ts'
import { useUrl } from '../../state/url.ts'
import { withoutAll } from '../../components/filter-bar.tsx'
import { CompareButton, CompareView } from '../compare/compare-view.tsx'
import { TooFewEvents } from '../setup/first-event.tsx'
import { Nothing } from '../setup/nothing.tsx'
import { Emerging } from './emerging.tsx'
import { TopicShares } from './topic-shares.tsx'
import { TopicTable } from './topic-table.tsx'

export function TopicsPage() {
  const { params } = useUrl()
  const comparing = params.get('compare') === '1'
  return (
    <Page
      title={t('topics.title', 'Topics')}
      subTitle={t('topics.subtitle', 'What your users talk about')}
      controls="all"
      extra={<CompareButton />}
    >
      {comparing ? <CompareView parts={['topics']} /> : <Topics />}
    </Page>
  )
}

function Topics() {
  const { params, update } = useUrl()
  const search = params.get('search') ?? undefined
  const hidden = params.get('hidden') === 'true'
  const query = useQuery('topics', { query: { ...toApiQuery(params), search, hidden } })
  const emerging = useQuery('emerging', { query: toApiQuery(params) })
  const marks = useMemo(() => new Map((emerging.data?.topics ?? []).map(({ topic_id, kind }) => [topic_id, kind])), [emerging.data])
  const filters = readFilters(params)

  return (
    <QueryView query={query}>
      {(data) => {
        if (data.total.events === 0 && search === undefined) {
          return <Nothing onReset={filters.length > 0 ? () => update(withoutAll(filters)) : undefined} />
        }
        return data.topics.length === 0 && search === undefined && data.pending.until > 0 ? (
          <TooFewEvents events={data.pending.events} until={data.pending.until} />
        ) : (
          <>
            <Totals data={data} />
            <TopicShares data={data} />
            {emerging.data && emerging.data.topics.length > 0 && <Emerging topics={emerging.data.topics} />}
            <TopicTable data={data} marks={marks} />
          </>
        )
      }}
    </QueryView>
  )
}

function Totals({ data: { total, topics, other, unclustered } }: { readonly data: TopicsAnswer }) {
  const shown = topics.length + (other?.topics ?? 0)
  return (
    <Stats
      stats={[
        { label: t('topics.messages', 'Messages'), value: formatCount(total.events) },
        { label: t('topics.sessions', 'Sessions'), value: formatCount(total.sessions) },
        { label: t('topics.users', 'Users'), value: formatCount(total.users) },
        { label: t('topics.count', 'Topics'), value: formatCount(shown) },
        {
          label: t('topic.unclustered', 'Unclustered'),
          value: formatShare(unclustered.events / Math.max(total.events, 1)),
          note: t('topics.unclustered-note', '{{count}} too rare for a topic', { count: formatCount(unclustered.events) }),
        },
      ]}
    />
  )
}
