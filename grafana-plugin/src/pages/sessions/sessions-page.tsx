/** Sessions: all of them, or exactly those behind a number of another page. */
import { useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2, SelectableValue } from '@grafana/data'
import { Alert, Button, Combobox, InlineField, RadioButtonGroup, useStyles2 } from '@grafana/ui'
import { call } from '../../api/client.ts'
import type { Problem } from '../../api/problem.ts'
import type { Query, SessionsAnswer, SessionSummary } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { withoutAll } from '../../components/filter-bar.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { formatCount } from '../../format.ts'
import { plural, t } from '../../i18n.ts'
import { readFilters, toApiQuery } from '../../state/filters.ts'
import { drillDownParams } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'
import { Nothing } from '../setup/nothing.tsx'
import { DrillDownNotice } from './drill-down-notice.tsx'
import { SessionTable } from './session-table.tsx'

const pageSize = 50
const passedOn = [...drillDownParams, 'sort', 'order', 'state', 'like'] as const

export function SessionsPage() {
  const { params, update } = useUrl()
  const query: Query = { ...toApiQuery(params), ...readOwn(params), limit: pageSize }
  const state = useQuery('sessions', { query })
  const filters = readFilters(params)
  return (
    <Page title={t('sessions.title', 'Sessions')} subTitle={t('sessions.subtitle', 'The conversations themselves')} controls="all">
      <DrillDownNotice />
      <QueryView query={state}>
        {(answer) =>
          answer.sessions.length === 0 ? (
            <Nothing onReset={() => update({ ...withoutAll(filters), ...Object.fromEntries(passedOn.map((name) => [name, null])) })} />
          ) : (
            <List key={JSON.stringify(query)} query={query} first={answer} />
          )
        }
      </QueryView>
    </Page>
  )
}

function readOwn(params: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const values = params.getAll(name)
      return values.length === 0 ? [] : [[name, values.length === 1 && name !== 'path' ? (values[0] ?? '') : values]]
    }),
  )
}

/** What was loaded after a first page. */
interface More {
  readonly of: SessionsAnswer
  readonly sessions: readonly SessionSummary[]
  readonly cursor: string | null
}

/** The first page, and the further ones that a person asks for. */
function List({ query, first }: { readonly query: Query; readonly first: SessionsAnswer }) {
  const styles = useStyles2(getStyles)
  const [loaded, setLoaded] = useState<More>({ of: first, sessions: [], cursor: first.next_cursor })
  // A refresh brings another first page: what was loaded after the old one is gone with it.
  const more = loaded.of === first ? loaded : { of: first, sessions: [], cursor: first.next_cursor }
  const [state, setState] = useState<{ loading: boolean; problem?: Problem }>({ loading: false })

  const load = async (cursor: string) => {
    setState({ loading: true })
    try {
      const next = await call('sessions', { query: { ...query, cursor } })
      setLoaded({ of: first, sessions: [...more.sessions, ...next.sessions], cursor: next.next_cursor })
      setState({ loading: false })
    } catch (error) {
      setState({ loading: false, problem: error as Problem })
    }
  }
  const sessions = [...first.sessions, ...more.sessions]
  return (
    <Section
      title={plural('sessions.count', '{{count, number}} session', '{{count, number}} sessions', first.total.sessions)}
      hint={t('sessions.counts', '{{events}} messages from {{users}} users', {
        events: formatCount(first.total.events),
        users: formatCount(first.total.users),
      })}
      actions={<Controls />}
    >
      <SessionTable sessions={sessions} />
      {state.problem && <Alert severity="error" bottomSpacing={0} title={state.problem.message} />}
      {more.cursor !== null && (
        <div className={styles.more}>
          <Button variant="secondary" disabled={state.loading} onClick={() => void load(more.cursor ?? '')}>
            {t('sessions.more', 'Show more ({{shown}} of {{count}})', {
              shown: formatCount(sessions.length),
              count: formatCount(first.total.sessions),
            })}
          </Button>
        </div>
      )}
    </Section>
  )
}

function Controls() {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  return (
    <div className={styles.controls}>
      <RadioButtonGroup
        aria-label={t('sessions.state', 'State')}
        options={stateOptions()}
        value={params.get('state') ?? ''}
        onChange={(state) => update({ state: state === '' ? null : state })}
      />
      <InlineField label={t('sessions.sort', 'Order')}>
        <Combobox
          id="session-order"
          width={24}
          options={sortOptions()}
          value={params.get('sort') ?? 'last_activity'}
          onChange={({ value }) => update({ sort: value === 'last_activity' ? null : value })}
        />
      </InlineField>
    </div>
  )
}

function stateOptions(): SelectableValue<string>[] {
  return [
    { value: '', label: t('sessions.all', 'All') },
    { value: 'active', label: t('sessions.active', 'Active') },
    { value: 'ended', label: t('sessions.ended', 'Ended') },
  ]
}

function sortOptions(): { value: string; label: string }[] {
  return [
    { value: 'last_activity', label: t('sessions.newest', 'Newest first') },
    { value: 'turns', label: t('sessions.longest', 'Most messages') },
    { value: 'topics', label: t('sessions.most-topics', 'Most topics') },
    { value: 'errors', label: t('sessions.most-errors', 'Most errors') },
    { value: 'tokens', label: t('sessions.most-tokens', 'Most tokens') },
    { value: 'cost', label: t('sessions.dearest', 'Highest cost') },
  ]
}

const getStyles = (theme: GrafanaTheme2) => ({
  controls: css({ display: 'flex', gap: theme.spacing(1), flexWrap: 'wrap' }),
  more: css({ display: 'flex', justifyContent: 'center', marginTop: theme.spacing(2) }),
})
