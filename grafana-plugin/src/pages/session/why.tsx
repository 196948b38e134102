/** Explains why a message has its topic. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { IconButton, Toggletip, useStyles2 } from '@grafana/ui'
import type { Level, SessionAnswer } from '../../api/types.ts'
import { ShareBar } from '../../charts/share-bar.tsx'
import { TopicChip } from '../../components/topic-chip.tsx'
import { formatShare } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'

type Turn = SessionAnswer['events'][number]

export function Why({ turn, level }: { readonly turn: Turn; readonly level: Level }) {
  return (
    <Toggletip title={t('why.title', 'Why this topic?')} content={<Reasons turn={turn} level={level} />} placement="bottom-start">
      <IconButton name="info-circle" size="sm" aria-label={t('why.title', 'Why this topic?')} />
    </Toggletip>
  )
}

function Reasons({ turn: { why, ...turn }, level }: { readonly turn: Turn; readonly level: Level }) {
  const styles = useStyles2(getStyles)
  const { name } = useDirectory()
  return (
    <div className={styles.box}>
      {why.reason && <p>{reasonWords(why.reason)}</p>}
      <div className={styles.row}>
        <span>{t('why.similarity', 'Similar to the topic’s messages')}</span>
        <ShareBar share={Math.max(0, why.similarity)} color={name(turn[`${level}_id`]).color} />
      </div>
      {why.outlier_score > 0.9 && <p>{t('why.far', 'This message is unusual for its topic.')}</p>}
      {why.second_topic_id !== null && (
        <p className={styles.second}>
          {t('why.second', 'Next nearest ({{share}}):', { share: formatShare(why.second_share ?? 0) })}{' '}
          <TopicChip id={why.second_topic_id} />
        </p>
      )}
      {why.nearest.length > 0 && (
        <>
          <p className={styles.note}>{t('why.nearest', 'Nearest messages')}</p>
          <ul className={styles.list}>
            {why.nearest.map(({ text, similarity }) => (
              <li key={text} className={styles.near}>
                <span dir="auto">{text}</span>
                <span className={styles.note}>{formatShare(Math.max(0, similarity))}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** Why a message is in no topic. */
function reasonWords(reason: NonNullable<Turn['why']['reason']>): string {
  switch (reason) {
    case 'few':
      return t('why.few', 'Fewer than five messages are like this one: too few for a topic.')
    case 'waiting':
      return t('why.waiting', 'Its turn has not come yet: topics are found within seconds.')
    case 'no_vector':
      return t('why.no-vector', 'The embedding knows none of its words.')
    case 'no_text':
      return t('why.no-text', 'It has no text.')
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ width: 340, p: { margin: theme.spacing(1, 0, 0.5) } }),
  row: css({ display: 'grid', gridTemplateColumns: '1fr 130px', gap: theme.spacing(1), alignItems: 'center' }),
  second: css({ display: 'flex', gap: theme.spacing(1), flexWrap: 'wrap' }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  list: css({ listStyle: 'none' }),
  near: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    padding: theme.spacing(0.5, 0),
    overflowWrap: 'anywhere',
  }),
})
