/** Starts, follow-ups, drop-offs, back-and-forth, loops and rephrased questions. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import type { JourneysAnswer } from '../../api/types.ts'
import { Ranking } from '../../components/ranking.tsx'
import { TopicChip } from '../../components/topic-chip.tsx'
import { TopicPath } from '../../components/topic-path.tsx'
import { formatSeconds, formatShare, formatTimes } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { drillDownLink, type DrillDown } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

export function JourneyLists({ journeys }: { readonly journeys: JourneysAnswer }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const { name } = useDirectory()
  const open = (drillDown: DrillDown) => drillDownLink(drillDown, params)
  const { starts, follow_ups, drop_offs, back_and_forth, cycles, repeats, other } = journeys
  return (
    <div className={styles.grid}>
      <Ranking
        title={t('journeys.starts', 'Where sessions start')}
        items={starts}
        shareOf={({ share }) => share}
        toRow={({ topic_id, sessions }) => ({
          key: topic_id,
          name: <TopicChip id={topic_id} />,
          count: sessions,
          color: name(topic_id).color,
          href: open({ journey: 'starts', at: topic_id }),
        })}
        other={other.starts}
      />
      <Ranking
        title={t('journeys.drop-offs', 'Where sessions end')}
        hint={t('journeys.drop-offs-hint', 'Bar: share of the topic’s visits that are the last')}
        items={drop_offs}
        shareOf={({ rate }) => rate}
        toRow={({ topic_id, sessions, error_rate }) => ({
          key: topic_id,
          name: <TopicChip id={topic_id} />,
          count: sessions,
          color: name(topic_id).color,
          ...(error_rate > 0.1 && { note: t('journeys.errors', '{{share}} right after an error', { share: formatShare(error_rate) }) }),
          href: open({ journey: 'drop_offs', at: topic_id }),
        })}
        other={other.drop_offs}
      />
      <Ranking
        title={t('journeys.follow-ups', 'What follows what')}
        hint={t('journeys.follow-ups-hint', 'Bar: share of those who leave the first topic')}
        items={follow_ups}
        shareOf={({ share }) => share}
        toRow={({ from, to, count, lift, median_seconds }) => ({
          key: `${from} ${to}`,
          name: <TopicPath ids={[from, to]} />,
          count,
          color: name(to).color,
          note: t('journeys.lift', '{{times}} chance · after {{time}}', { times: formatTimes(lift), time: formatSeconds(median_seconds) }),
          href: open({ journey: 'follow_ups', at: from, next: to }),
        })}
        other={other.follow_ups}
      />
      <Ranking
        title={t('journeys.back-and-forth', 'Back and forth')}
        hint={t('journeys.back-and-forth-hint', 'Sessions that go from one topic to another and back: people who are stuck')}
        items={back_and_forth}
        shareOf={({ sessions }) => sessions / Math.max(journeys.sessions, 1)}
        toRow={({ a, b, sessions }) => ({
          key: `${a} ${b}`,
          name: <TopicPath ids={[a, b]} between="⇄" />,
          count: sessions,
          color: name(a).color,
          href: open({ journey: 'back_and_forth', at: a, next: b }),
        })}
        other={other.back_and_forth}
      />
      <Ranking
        title={t('journeys.cycles', 'Loops')}
        hint={t('journeys.cycles-hint', 'Over three topics and more, back to the first')}
        items={cycles}
        toRow={({ path, sessions }) => ({
          key: path.join(' '),
          name: <TopicPath ids={[...path, ...path.slice(0, 1)]} />,
          count: sessions,
          href: open({ journey: 'cycle', path }),
        })}
        other={other.cycles}
      />
      <Ranking
        title={t('journeys.repeats', 'Asked again at once')}
        hint={t('journeys.repeats-hint', 'Messages that nearly repeat the one before')}
        items={repeats}
        toRow={({ topic_id, rephrases }) => ({
          key: topic_id,
          name: <TopicChip id={topic_id} />,
          count: rephrases,
          href: open({ journey: 'rephrases', at: topic_id }),
        })}
      />
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  grid: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    gap: theme.spacing(2),
    [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
})
