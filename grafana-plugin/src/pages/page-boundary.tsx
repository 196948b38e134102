/** A page that fails while it is drawn says so, instead of leaving the screen blank. */
import type { ReactNode } from 'react'
import { ErrorBoundary } from '@grafana/ui'
import { useLocation } from 'react-router'
import { Problem } from '../api/problem.ts'
import { Page } from '../components/page.tsx'
import { ProblemView } from '../components/query-view.tsx'
import { t } from '../i18n.ts'

export function PageBoundary({ children }: { readonly children: ReactNode }) {
  const { pathname, search } = useLocation()
  return (
    <ErrorBoundary dependencies={[pathname, search]}>{({ error }) => (error === null ? children : <Broken error={error} />)}</ErrorBoundary>
  )
}

function Broken({ error }: { readonly error: Error }) {
  const problem = new Problem(
    'collector',
    t('problem.page', 'This page cannot be shown'),
    t(
      'problem.page-hint',
      'The collector may be older or newer than this plugin: the setup page tells its version. Use the same version of both.',
    ),
    '',
    error,
  )
  return (
    <Page title={t('problem.page-title', 'Problem')}>
      <ProblemView problem={problem} onRetry={() => window.location.reload()} />
    </Page>
  )
}
