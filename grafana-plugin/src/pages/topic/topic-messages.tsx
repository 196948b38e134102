/** What people wrote about a topic, newest first. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Badge, TextLink, useStyles2 } from '@grafana/ui'
import type { TopicDetail } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { formatAgo, formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { toSideQuery } from '../../state/filters.ts'
import { sessionLink } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

const shownMessages = 25

export function TopicMessages({ topic: { id, level, examples, events } }: { readonly topic: TopicDetail }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const query = useQuery('topicEvents', { id, query: { ...toSideQuery(params, 'a'), level, limit: shownMessages } })
  return (
    <Section title={t('messages.title', 'Messages')} hint={t('messages.hint', 'The newest of {{count}}', { count: formatCount(events) })}>
      {examples.length > 0 && (
        <>
          <h3 className={styles.title}>{t('messages.typical', 'Typical')}</h3>
          <div className={styles.typical}>
            {examples.slice(0, 4).map((text) => (
              <blockquote key={text} dir="auto" className={styles.quote}>
                {text}
              </blockquote>
            ))}
          </div>
        </>
      )}
      <QueryView query={query}>
        {(answer) => (
          <ul className={styles.list}>
            {answer.events.map(({ event_id, session_id, text, timestamp, error }) => (
              <li key={event_id} className={styles.row}>
                <span dir="auto" className={styles.text}>
                  {text}
                </span>
                {error && <Badge color="red" text={t('messages.error', 'Error')} />}
                <TextLink href={`${sessionLink(session_id, params)}#${event_id}`} inline={false} variant="bodySmall" color="secondary">
                  {formatAgo(timestamp)}
                </TextLink>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  typical: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
  }),
  title: css({ ...theme.typography.bodySmall, margin: theme.spacing(0, 0, 0.5), color: theme.colors.text.secondary }),
  quote: css({
    margin: 0,
    padding: theme.spacing(1, 1.5),
    border: 'none',
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    overflowWrap: 'anywhere',
  }),
  list: css({ listStyle: 'none' }),
  row: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 0),
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
  text: css({ flex: 1, overflowWrap: 'anywhere' }),
})
