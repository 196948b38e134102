/** Journeys: how conversations flow over the topics. */
import type { JourneysAnswer } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { withoutAll } from '../../components/filter-bar.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Stats } from '../../components/stats.tsx'
import { formatCount, formatShare } from '../../format.ts'
import { plural, t } from '../../i18n.ts'
import { readFilters, toApiQuery } from '../../state/filters.ts'
import { useUrl } from '../../state/url.ts'
import { CompareButton, CompareView } from '../compare/compare-view.tsx'
import { Nothing } from '../setup/nothing.tsx'
import { FlowSection } from './flow-section.tsx'
import { JourneyLists } from './journey-lists.tsx'
import { MatrixSection } from './matrix-section.tsx'

export function JourneysPage() {
  const { params } = useUrl()
  const comparing = params.get('compare') === '1'
  return (
    <Page
      title={t('journeys.title', 'Journeys')}
      subTitle={t('journeys.subtitle', 'How conversations flow')}
      controls="all"
      extra={<CompareButton />}
    >
      {comparing ? <CompareView parts={['transitions', 'drop_offs']} /> : <Journeys />}
    </Page>
  )
}

function Journeys() {
  const { params, update } = useUrl()
  const query = useQuery('journeys', {
    query: {
      ...toApiQuery(params),
      depth: params.get('depth') ?? 5,
      top: params.get('top') ?? 8,
      around: params.get('around') ?? undefined,
      limit: 500,
    },
  })
  const filters = readFilters(params)
  return (
    <QueryView query={query}>
      {(journeys) =>
        journeys.sessions === 0 ? (
          <Nothing onReset={filters.length > 0 ? () => update(withoutAll(filters)) : undefined} />
        ) : (
          <>
            <Totals journeys={journeys} />
            <FlowSection journeys={journeys} />
            <JourneyLists journeys={journeys} />
            <MatrixSection journeys={journeys} />
          </>
        )
      }
    </QueryView>
  )
}

function Totals({ journeys: { sessions, active, steps, topics, back_and_forth, drop_offs } }: { readonly journeys: JourneysAnswer }) {
  const rephrases = topics.reduce((sum, topic) => sum + topic.rephrases, 0)
  const failed = drop_offs.reduce((sum, row) => sum + row.sessions * row.error_rate, 0)
  const ended = sessions - active
  return (
    <Stats
      stats={[
        {
          label: t('topics.sessions', 'Sessions'),
          value: formatCount(sessions),
          note: t('journeys.active', '{{count}} still active', { count: formatCount(active) }),
        },
        { label: t('journeys.steps', 'Steps per session'), value: (steps / sessions).toFixed(1) },
        {
          label: t('journeys.pairs', 'Back and forth'),
          value: formatCount(back_and_forth.length),
          note: t('journeys.pairs-note', 'pairs of topics'),
        },
        {
          label: t('journeys.rephrases', 'Rephrased'),
          value: formatCount(rephrases),
          note: t('journeys.rephrases-note', 'messages asked again'),
        },
        {
          label: t('journeys.failed', 'Ended on an error'),
          value: formatShare(ended === 0 ? 0 : failed / ended),
          note: plural('journeys.failed-note', 'one session', '{{count, number}} sessions', Math.round(failed)),
        },
      ]}
    />
  )
}
