/** Shows a query's answer, or why there is none: loading, nothing found, something wrong. */
import { useEffect, useState, type ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Alert, Button, EmptyState, LinkButton, LoadingBar, Spinner, useStyles2 } from '@grafana/ui'
import type { Problem } from '../api/problem.ts'
import type { QueryState } from '../api/use-query.ts'
import { pluginId } from '../constants.ts'
import { t } from '../i18n.ts'

interface QueryViewProps<T> {
  readonly query: QueryState<T>
  readonly children: (data: T) => ReactNode
}

export function QueryView<T>({ query: { data, problem, loading, reload }, children }: QueryViewProps<T>) {
  const styles = useStyles2(getStyles)
  if (problem && !loading) {
    return <ProblemView problem={problem} onRetry={reload} />
  }
  if (data === undefined) {
    return <Loading />
  }
  return (
    <div className={styles.box} aria-busy={loading}>
      {loading && (
        <div className={styles.bar}>
          <LoadingBar width={400} />
        </div>
      )}
      {children(data)}
    </div>
  )
}

const slowMs = 5000

/** Says so when an answer takes long, so that nobody wonders whether anything happens. */
function Loading() {
  const styles = useStyles2(getStyles)
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={styles.loading} role="status" aria-busy>
      <Spinner size="xl" />
      <span>
        {slow ? t('state.slow', 'Still waiting for the collector: a long time range takes longer.') : t('state.loading', 'Loading…')}
      </span>
    </div>
  )
}

export function ProblemView({ problem, onRetry }: { readonly problem: Problem; readonly onRetry: () => void }) {
  const isSetup = ['not-configured', 'unreachable', 'key'].includes(problem.kind)
  return (
    <Alert severity="error" bottomSpacing={0} title={problem.message}>
      <p>{problem.hint}</p>
      {problem.detail !== '' && (
        <p>
          {t('state.detail', 'The collector says:')} <code>{problem.detail}</code>
        </p>
      )}
      <Button size="sm" variant="secondary" icon="sync" onClick={onRetry}>
        {t('state.retry', 'Try again')}
      </Button>{' '}
      {isSetup && (
        <LinkButton size="sm" variant="secondary" icon="cog" href={`/plugins/${pluginId}?page=configuration`}>
          {t('state.configure', 'Configuration')}
        </LinkButton>
      )}
    </Alert>
  )
}

/** Nothing matches the filters; the data may well be there. */
export function NothingFound({ onReset }: { readonly onReset?: () => void }) {
  return (
    <EmptyState
      variant="not-found"
      message={t('state.nothing', 'Nothing in this time range matches the filters')}
      button={
        onReset && (
          <Button variant="secondary" onClick={onReset}>
            {t('state.reset', 'Reset filters')}
          </Button>
        )
      }
    >
      {t('state.nothing-hint', 'Choose a longer time range or take filters away.')}
    </EmptyState>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ position: 'relative', display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0 }),
  bar: css({ position: 'absolute', top: theme.spacing(-1), left: 0, right: 0, height: 1, overflow: 'hidden' }),
  loading: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: theme.spacing(2),
    padding: theme.spacing(10),
    color: theme.colors.text.secondary,
  }),
})
