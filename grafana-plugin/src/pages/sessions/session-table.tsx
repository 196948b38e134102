/** One row per session: what it began with, the path it took, what it cost. */
import { useMemo } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Badge, Link, useStyles2 } from '@grafana/ui'
import type { SessionSummary } from '../../api/types.ts'
import { PathStrip } from '../../charts/path-strip.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { formatAgo, formatCost, formatSeconds, formatTime, formatTokens, secondsBetween } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { sessionLink } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

export function SessionTable({ sessions }: { readonly sessions: readonly SessionSummary[] }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const { name } = useDirectory()
  const columns = useMemo<Column<SessionSummary>[]>(
    () => [
      {
        id: 'session',
        header: t('sessions.first', 'First message'),
        cell: ({ session_id, first_text, user_id }) => (
          <div className={styles.first}>
            <Link href={sessionLink(session_id, params)} className={styles.text} title={first_text}>
              <span dir="auto">{first_text}</span>
            </Link>
            <div className={styles.note}>{user_id === '' ? session_id.slice(0, 12) : user_id}</div>
          </div>
        ),
      },
      {
        id: 'path',
        header: t('sessions.path', 'Path'),
        width: 260,
        cell: ({ path }) => <PathStrip steps={path.map((id) => ({ ...name(id), weight: 1 }))} />,
      },
      { id: 'turns', header: t('topics.messages', 'Messages'), align: 'right', width: 80, cell: ({ events }) => events },
      {
        id: 'when',
        header: t('sessions.when', 'Last activity'),
        width: 150,
        cell: ({ started_at, ended_at, state }) => (
          <div title={formatTime(ended_at)} className={styles.when}>
            {state === 'active' ? <Badge color="green" text={t('sessions.active', 'Active')} /> : formatAgo(ended_at)}
            <div className={styles.note}>
              {t('sessions.took', 'took {{time}}', { time: formatSeconds(secondsBetween(started_at, ended_at)) })}
            </div>
          </div>
        ),
      },
      {
        id: 'errors',
        header: t('topics.errors', 'Errors'),
        align: 'right',
        width: 70,
        cell: ({ errors }) => (errors === 0 ? '–' : <span className={styles.error}>{errors}</span>),
      },
      {
        id: 'tokens',
        header: t('sessions.tokens', 'Tokens'),
        align: 'right',
        width: 80,
        cell: ({ input_tokens, output_tokens }) => formatTokens(input_tokens + output_tokens),
      },
      { id: 'cost', header: t('topic.cost', 'Cost'), align: 'right', width: 80, cell: ({ cost }) => formatCost(cost) },
    ],
    [styles, params, name],
  )
  // The API orders and cuts: the table shows what came, on one page.
  return (
    <DataTable
      label={t('sessions.title', 'Sessions')}
      columns={columns}
      rows={sessions}
      rowKey={({ session_id }) => session_id}
      paged={false}
    />
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  first: css({ minWidth: 200, maxWidth: 420 }),
  when: css({ whiteSpace: 'nowrap' }),
  text: css({
    display: 'block',
    width: 0, // a long text is cut instead of making the column wide
    minWidth: '100%',
    color: theme.colors.text.primary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    '&:hover': { textDecoration: 'underline' },
  }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  error: css({ color: theme.colors.error.text }),
})
