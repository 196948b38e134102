/** One session: the conversation with a topic per turn. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Alert, LinkButton, Stack, useStyles2 } from '@grafana/ui'
import { useParams } from 'react-router'
import type { Level, SessionAnswer } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { PathStrip } from '../../charts/path-strip.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { readLevel } from '../../state/filters.ts'
import { linkTo } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'
import { useSettings } from '../../config/settings-context.tsx'
import { SessionFacts } from './session-facts.tsx'
import { traceLink } from './trace-link.ts'
import { Transcript } from './transcript.tsx'

export function SessionPage() {
  const { id = '' } = useParams()
  const { params } = useUrl()
  const query = useQuery('session', { id })
  return (
    <Page
      title={query.data?.first_text ? shorten(query.data.first_text) : t('session.title', 'Session')}
      parent={{ text: t('sessions.title', 'Sessions'), url: linkTo('sessions', params) }}
      subTitle={t('session.id', 'Session {{id}}', { id })}
    >
      <QueryView query={query}>{(session) => <Session session={session} level={readLevel(params)} />}</QueryView>
    </Page>
  )
}

function Session({ session, level }: { readonly session: SessionAnswer; readonly level: Level }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const { tracesUid } = useSettings()
  return (
    <>
      <Section
        title={t('session.path', 'Path')}
        actions={
          <Stack gap={1}>
            <LinkButton size="sm" variant="secondary" icon="search" href={linkTo('sessions', params, { like: session.session_id })}>
              {t('session.like', 'Similar sessions')}
            </LinkButton>
            {tracesUid && session.events[0] && (
              <LinkButton size="sm" variant="secondary" icon="gf-traces" href={traceLink(tracesUid, session.events[0])}>
                {t('session.trace', 'Open trace')}
              </LinkButton>
            )}
          </Stack>
        }
      >
        <Path session={session} level={level} />
      </Section>
      {session.users > 1 && (
        <Alert
          bottomSpacing={0}
          severity="warning"
          title={t('session.users', '{{count}} users in one session: is the session id unique?', { count: session.users })}
        />
      )}
      <div className={styles.columns}>
        <Section title={t('session.conversation', 'Conversation')}>
          {session.other !== undefined && session.other.events > 0 && (
            <p>{t('session.older', '{{count}} older messages are not shown', { count: formatCount(session.other.events) })}</p>
          )}
          <Transcript events={session.events} level={level} />
        </Section>
        <SessionFacts session={session} />
      </div>
    </>
  )
}

function Path({ session: { events }, level }: { readonly session: SessionAnswer; readonly level: Level }) {
  const { name } = useDirectory()
  const steps: { id: string; eventId: string; count: number }[] = []
  for (const event of events) {
    const id = event[`${level}_id`]
    const last = steps.at(-1)
    if (last?.id === id) {
      last.count++
    } else {
      steps.push({ id, eventId: event.event_id, count: 1 })
    }
  }
  return (
    <PathStrip
      tall
      steps={steps.map(({ id, eventId, count }) => ({
        ...name(id),
        weight: count,
        onPick: () => document.getElementById(eventId)?.scrollIntoView({ block: 'center', behavior: 'smooth' }),
      }))}
    />
  )
}

const maxTitle = 80

function shorten(text: string): string {
  return text.length > maxTitle ? `${text.slice(0, maxTitle - 1)}…` : text
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 300px',
    gap: theme.spacing(2),
    alignItems: 'start',
    [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
})
