/** How to send the first event, and what happens until there are topics. */
import { useEffect, useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Alert, ClipboardButton, Icon, LinkButton, Spinner, Tab, TabContent, TabsBar, useStyles2 } from '@grafana/ui'
import { useQuery } from '../../api/use-query.ts'
import { Section } from '../../components/section.tsx'
import { defaultApiUrl } from '../../config/settings.ts'
import { useSettings } from '../../config/settings-context.tsx'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { linkTo } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'
import { toSnippets } from './snippets.ts'

const pollMs = 2000

export function FirstEvent() {
  const styles = useStyles2(getStyles)
  const { apiUrl, ingestUrl } = useSettings()
  const [language, setLanguage] = useState('curl')
  const snippets = toSnippets(ingestUrl || apiUrl || defaultApiUrl)
  const code = snippets.find((snippet) => snippet.language === language)?.code ?? ''
  return (
    <Section
      title={t('setup.first', 'Send your first event')}
      hint={t('setup.first-hint', 'One call per message of a user is enough: topics and journeys follow by themselves.')}
    >
      <TabsBar>
        {snippets.map((snippet) => (
          <Tab
            key={snippet.language}
            label={snippet.title}
            active={snippet.language === language}
            onChangeTab={() => setLanguage(snippet.language)}
          />
        ))}
      </TabsBar>
      <TabContent>
        <div className={styles.code}>
          <pre className={styles.pre} tabIndex={0} aria-label={t('setup.code', 'Example')}>
            {code}
          </pre>
          <ClipboardButton className={styles.copy} icon="copy" size="sm" variant="secondary" getText={() => code}>
            {t('setup.copy', 'Copy')}
          </ClipboardButton>
        </div>
      </TabContent>
      <Arrival />
    </Section>
  )
}

/** Asks every two seconds whether something has arrived. */
function Arrival() {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const { data, problem, loading, reload } = useQuery('overview', {})
  const arrived = data?.last_event_at != null
  useEffect(() => {
    if (arrived || loading) {
      return undefined
    }
    const timer = setTimeout(reload, pollMs)
    return () => clearTimeout(timer)
  }, [arrived, loading, reload])

  if (arrived) {
    return (
      <Alert
        severity="success"
        title={t('setup.arrived', 'Events arrive: {{count}} so far', { count: formatCount(data?.total.events ?? 0) })}
      >
        <LinkButton size="sm" href={linkTo('topics', params)}>
          {t('setup.see-topics', 'See topics')}
        </LinkButton>{' '}
        <LinkButton size="sm" variant="secondary" href={linkTo('sessions', params)}>
          {t('setup.see-sessions', 'See sessions')}
        </LinkButton>
      </Alert>
    )
  }
  return (
    <p className={styles.waiting} role="status">
      {problem ? <Icon name="exclamation-triangle" /> : <Spinner inline />}{' '}
      {problem ? `${problem.message}. ${problem.hint}` : t('setup.waiting', 'Waiting for the first event…')}
    </p>
  )
}

/** Events are there, but too few to find topics in. */
export function TooFewEvents({ events, until }: { readonly events: number; readonly until: number }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  return (
    <Section title={t('setup.few', 'Almost there')}>
      <p>
        {t('setup.few-text', '{{events}} messages have arrived. The first topics are found at {{until}}.', {
          events: formatCount(events),
          until: formatCount(until),
        })}
      </p>
      <progress
        className={styles.progress}
        value={events}
        max={until}
        aria-label={t('setup.progress', 'Messages until the first topics')}
      />
      <LinkButton variant="secondary" href={linkTo('sessions', params)}>
        {t('setup.see-sessions', 'See sessions')}
      </LinkButton>
    </Section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  code: css({ position: 'relative', margin: theme.spacing(2, 0) }),
  pre: css({
    margin: 0,
    padding: theme.spacing(2),
    fontFamily: theme.typography.fontFamilyMonospace,
    whiteSpace: 'pre',
    overflowX: 'auto',
    background: theme.colors.background.canvas,
    border: `1px solid ${theme.colors.border.weak}`,
  }),
  copy: css({ position: 'absolute', top: theme.spacing(1), right: theme.spacing(1) }),
  waiting: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), margin: 0, color: theme.colors.text.secondary }),
  progress: css({ display: 'block', width: '100%', maxWidth: 480, marginBottom: theme.spacing(2), accentColor: theme.colors.primary.main }),
})
