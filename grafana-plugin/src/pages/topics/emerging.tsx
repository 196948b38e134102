/** Topics that were born, spike or fade in the time range. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import type { Answer } from '../../api/types.ts'
import { Section } from '../../components/section.tsx'
import { TopicChip } from '../../components/topic-chip.tsx'
import { formatAgo, formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { TopicMark } from './topic-mark.tsx'

const shownTopics = 8

export function Emerging({ topics }: { readonly topics: Answer<'emerging'>['topics'] }) {
  const styles = useStyles2(getStyles)
  return (
    <Section title={t('emerging.title', 'What changed')}>
      <ul className={styles.list}>
        {topics.slice(0, shownTopics).map(({ topic_id, kind, events, expected, since }) => (
          <li key={topic_id} className={styles.row}>
            <TopicMark kind={kind} />
            <TopicChip id={topic_id} />
            <span className={styles.words}>
              {kind === 'born'
                ? t('emerging.born', '{{events}} messages since it appeared {{ago}}', {
                    events: formatCount(events),
                    ago: formatAgo(since),
                  })
                : t('emerging.spike', '{{events}} messages where {{expected}} were expected, since {{ago}}', {
                    events: formatCount(events),
                    expected: formatCount(expected),
                    ago: formatAgo(since),
                  })}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: theme.spacing(1) }),
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1.5), flexWrap: 'wrap' }),
  words: css({ color: theme.colors.text.secondary }),
})
