/** Setup: is the collector there, what has arrived, how to send more. */
import type { OverviewAnswer } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { ShareBar } from '../../charts/share-bar.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { Stats } from '../../components/stats.tsx'
import { formatAgo, formatCount, formatShare } from '../../format.ts'
import { t } from '../../i18n.ts'
import { FirstEvent } from './first-event.tsx'

export function SetupPage() {
  const query = useQuery('overview', {})
  return (
    <Page title={t('setup.title', 'Setup')} subTitle={t('setup.subtitle', 'Connect your application and see what arrives')}>
      <QueryView query={query}>{(overview) => <Overview overview={overview} />}</QueryView>
      <FirstEvent />
    </Page>
  )
}

function Overview({ overview }: { readonly overview: OverviewAnswer }) {
  const { total, last_run, session_sources } = overview
  return (
    <>
      <Stats
        stats={[
          {
            label: t('setup.collector', 'Collector'),
            value: overview.version,
            note: t('setup.project', 'project {{project}}', { project: overview.project }),
          },
          {
            label: t('topics.messages', 'Messages'),
            value: formatCount(total.events),
            note: t('setup.minute', '{{count}} in the last minute', { count: formatCount(overview.events_last_minute) }),
          },
          {
            label: t('topics.sessions', 'Sessions'),
            value: formatCount(total.sessions),
            note: t('journeys.active', '{{count}} still active', { count: formatCount(overview.active_sessions) }),
          },
          {
            label: t('topics.count', 'Topics'),
            value: formatCount(overview.topics),
            note: last_run ? t('setup.run', 'refined {{ago}}', { ago: formatAgo(last_run.at) }) : t('setup.no-run', 'not yet'),
          },
          {
            label: t('setup.embedding', 'Embedding'),
            value: <span title={overview.embedding}>{overview.embedding.split(':')[0]}</span>,
            note: t('setup.pending', '{{count}} messages wait', { count: formatCount(overview.pending_events) }),
          },
        ]}
      />
      {session_sources.length > 0 && (
        <Section
          title={t('setup.sources', 'Where session ids come from')}
          hint={t('setup.sources-hint', '“trace_id” means that no session id was sent: every request is a session of its own.')}
        >
          <DataTable
            name="sources-"
            label={t('setup.sources', 'Where session ids come from')}
            rows={session_sources}
            rowKey={({ source }) => source}
            columns={[
              { id: 'source', header: t('setup.source', 'Source'), cell: ({ source }) => source },
              { id: 'events', header: t('topics.messages', 'Messages'), align: 'right', cell: ({ events }) => formatCount(events) },
              {
                id: 'share',
                header: t('topics.share', 'Share'),
                width: 200,
                cell: ({ events }) => <ShareBar share={events / Math.max(total.events, 1)} />,
              },
            ]}
          />
        </Section>
      )}
      {overview.unclustered > 0 && total.events > 0 && overview.topics === 0 && (
        <p>
          {t('setup.unclustered', '{{share}} of the messages have no topic yet', {
            share: formatShare(overview.unclustered / total.events),
          })}
        </p>
      )}
    </>
  )
}
