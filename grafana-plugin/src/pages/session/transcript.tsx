/** A conversation as a chat: what the user wrote with its topic, what the application answered. */
import { Fragment, useEffect } from 'react'
import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Badge, useStyles2 } from '@grafana/ui'
import { useLocation } from 'react-router'
import type { Level, SessionAnswer } from '../../api/types.ts'
import { TopicChip } from '../../components/topic-chip.tsx'
import { formatClock, formatCompact, formatSeconds, secondsBetween } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { Why } from './why.tsx'

type Turn = SessionAnswer['events'][number]

interface TranscriptProps {
  readonly events: readonly Turn[]
  readonly level: Level
}

const longPauseSeconds = 300

export function Transcript({ events, level }: TranscriptProps) {
  const styles = useStyles2(getStyles)
  const { hash } = useLocation()
  const target = hash.slice(1)
  useEffect(() => {
    if (target !== '') {
      document.getElementById(target)?.scrollIntoView({ block: 'center' })
    }
  }, [target])
  return (
    <ol className={styles.thread} aria-label={t('session.conversation', 'Conversation')}>
      {events.map((turn, index) => {
        const pause = index === 0 ? 0 : secondsBetween(events[index - 1]?.timestamp ?? turn.timestamp, turn.timestamp)
        return (
          <Fragment key={turn.event_id}>
            {pause > longPauseSeconds && (
              <li className={styles.pause}>{t('session.pause', '{{time}} later', { time: formatSeconds(pause) })}</li>
            )}
            <TurnView turn={turn} level={level} marked={turn.event_id === target} />
          </Fragment>
        )
      })}
    </ol>
  )
}

function TurnView({ turn, level, marked }: { readonly turn: Turn; readonly level: Level; readonly marked: boolean }) {
  const styles = useStyles2(getStyles)
  const id = turn[`${level}_id`]
  const { color } = useDirectory().name(id)
  return (
    <li id={turn.event_id} className={cx(styles.turn, marked && styles.marked)}>
      <div className={styles.user}>
        <div className={styles.head}>
          <strong>{t('session.user', 'User')}</strong>
          <span className={styles.note}>{formatClock(turn.timestamp)}</span>
          <TopicChip id={id} pill />
          <Why turn={turn} level={level} />
          {turn.rephrase && <Badge color="orange" icon="repeat" text={t('session.rephrase', 'Asked again')} />}
        </div>
        <div className={styles.message} dir="auto" style={{ borderLeftColor: color }}>
          {turn.text}
        </div>
      </div>
      {(turn.answer !== '' || turn.error) && <AnswerView turn={turn} />}
    </li>
  )
}

function AnswerView({ turn }: { readonly turn: Turn }) {
  const styles = useStyles2(getStyles)
  const tokens = turn.input_tokens + turn.output_tokens
  const notes = [
    turn.model,
    turn.latency_ms > 0 ? formatSeconds(turn.latency_ms / 1000) : '',
    tokens > 0 ? t('topic.tokens', '{{count}} tokens', { count: formatCompact(tokens) }) : '',
  ]
  return (
    <div className={styles.answer}>
      <div className={styles.head}>
        <strong>{t('session.assistant', 'Assistant')}</strong>
        <span className={styles.note}>{notes.filter((note) => note !== '').join(' · ')}</span>
        {turn.tools.map((tool) => (
          <Badge key={tool} color="blue" icon="wrench" text={tool} />
        ))}
        {turn.error && <Badge color="red" icon="exclamation-circle" text={t('messages.error', 'Error')} />}
      </div>
      {turn.answer !== '' && (
        <div className={styles.reply} dir="auto">
          {turn.answer}
        </div>
      )}
      {turn.error && turn.status_message !== '' && <div className={styles.failure}>{turn.status_message}</div>}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  thread: css({ listStyle: 'none', maxWidth: 860 }),
  turn: css({ display: 'grid', gap: theme.spacing(1.5), padding: theme.spacing(1.5, 0), scrollMarginTop: 80 }),
  marked: css({ boxShadow: `-3px 0 0 ${theme.colors.primary.main}`, paddingLeft: theme.spacing(1) }),
  head: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(0.75),
    strong: { fontWeight: theme.typography.fontWeightMedium },
  }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  user: css({ minWidth: 0 }),
  message: css({
    padding: theme.spacing(1, 1.5),
    borderRadius: theme.shape.radius.default,
    borderLeft: '3px solid transparent',
    background: theme.colors.background.secondary,
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-wrap',
  }),
  answer: css({ minWidth: 0, marginLeft: theme.spacing(5) }),
  reply: css({
    padding: theme.spacing(1, 1.5),
    borderRadius: theme.shape.radius.default,
    border: `1px solid ${theme.colors.border.weak}`,
    color: theme.colors.text.secondary,
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-wrap',
  }),
  failure: css({ ...theme.typography.bodySmall, marginTop: theme.spacing(0.5), color: theme.colors.error.text, overflowWrap: 'anywhere' }),
  pause: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    '&::before, &::after': { content: '""', flex: 1, borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
})
