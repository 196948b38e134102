/** What is known of a session besides its messages. */
import type { ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Badge, TextLink, useStyles2 } from '@grafana/ui'
import type { SessionAnswer } from '../../api/types.ts'
import { Section } from '../../components/section.tsx'
import { formatCompact, formatCost, formatCount, formatSeconds, formatTime, secondsBetween } from '../../format.ts'
import { t } from '../../i18n.ts'
import { linkTo } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

type Fact = readonly [name: string, value: ReactNode]

export function SessionFacts({ session }: { readonly session: SessionAnswer }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const fields = [
    ...new Map(session.events.flatMap(({ fields, text }) => Object.entries(fields).filter(([, value]) => value !== text))).entries(),
  ]
  const state = session.state === 'active' ? <Badge color="green" text={t('sessions.active', 'Active')} /> : t('sessions.ended', 'Ended')
  const user = (
    <TextLink inline={false} href={linkTo('sessions', params, { user_id: session.user_id })}>
      {session.user_id}
    </TextLink>
  )
  const tokens =
    session.input_tokens + session.output_tokens === 0
      ? '–'
      : t('session.tokens', '{{input}} in, {{output}} out', {
          input: formatCompact(session.input_tokens),
          output: formatCompact(session.output_tokens),
        })
  const facts: Fact[] = [
    [t('session.state', 'State'), state],
    [t('session.user', 'User'), session.user_id === '' ? '–' : user],
    [t('session.started', 'Started'), formatTime(session.started_at)],
    [t('session.duration', 'Duration'), formatSeconds(secondsBetween(session.started_at, session.ended_at))],
    [t('topics.messages', 'Messages'), formatCount(session.events.length)],
    [t('session.topics', 'Topics'), formatCount(session.topics)],
    [t('topics.errors', 'Errors'), session.errors === 0 ? '–' : formatCount(session.errors)],
    [t('sessions.tokens', 'Tokens'), tokens],
    [t('topic.cost', 'Cost'), formatCost(session.cost)],
    [t('session.source', 'Session id from'), session.session_source],
  ]
  return (
    <div className={styles.column}>
      <Section title={t('session.facts', 'Facts')}>
        <FactList facts={facts} />
      </Section>
      {fields.length > 0 && (
        <Section title={t('session.fields', 'Metadata')}>
          <FactList facts={fields} />
        </Section>
      )}
    </div>
  )
}

function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  const styles = useStyles2(getStyles)
  return (
    <dl className={styles.list}>
      {facts.map(([name, value]) => (
        <div key={name} className={styles.row}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value} dir="auto">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  column: css({ display: 'grid', gap: theme.spacing(2), position: 'sticky', top: theme.spacing(2) }),
  list: css({ margin: 0 }),
  row: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(2), padding: theme.spacing(0.5, 0) }),
  name: css({ fontWeight: 'normal', color: theme.colors.text.secondary }),
  value: css({ margin: 0, textAlign: 'right', overflowWrap: 'anywhere' }),
})
