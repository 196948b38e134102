/** API keys: create, see their use, revoke. A key's secret is shown once. */
import { useState } from 'react'
import { Alert, ClipboardButton } from '@grafana/ui'
import { call } from '../../api/client.ts'
import type { Problem } from '../../api/problem.ts'
import type { Body } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { DataTable } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { t } from '../../i18n.ts'
import { toColumns } from './columns.tsx'
import { NewKey } from './new-key.tsx'

export function KeysPage() {
  const query = useQuery('keys', {})
  const overview = useQuery('overview', {})
  const [secret, setSecret] = useState<string>()
  const [problem, setProblem] = useState<Problem>()
  const [made, setMade] = useState(0)
  const run = async (edit: () => Promise<unknown>) => {
    setProblem(undefined)
    try {
      await edit()
      query.reload()
    } catch (error) {
      setProblem(error as Problem)
    }
  }
  const create = async (body: Body<'createKey'>) => {
    setSecret((await call('createKey', { body })).key)
    setMade((count) => count + 1)
  }
  const project = overview.data?.project ?? ''
  return (
    <Page title={t('keys.title', 'Keys')} subTitle={t('keys.subtitle', 'Who may send events, read and edit')}>
      {secret !== undefined && <NewSecret secret={secret} onClose={() => setSecret(undefined)} />}
      {problem && <Refusal problem={problem} onClose={() => setProblem(undefined)} />}
      <QueryView query={query}>
        {({ keys }) => (
          <>
            <Section title={t('keys.list', 'Keys of this project')}>
              {keys.length === 0 ? (
                <p>
                  {t(
                    'keys.none',
                    'None yet. Keys of the collector’s configuration file are not listed here; a collector on a loopback address that has no key at all is open to everybody on its machine, until the first key, which may do everything, closes it.',
                  )}
                </p>
              ) : (
                <DataTable
                  label={t('keys.list', 'Keys of this project')}
                  rows={keys}
                  rowKey={({ key_id }) => key_id}
                  columns={toColumns((id) => void run(() => call('revokeKey', { id })))}
                />
              )}
            </Section>
            <NewKey key={`${project} ${made}`} project={project} onCreate={(body) => run(() => create(body))} />
          </>
        )}
      </QueryView>
    </Page>
  )
}

interface NewSecretProps {
  readonly secret: string
  readonly onClose: () => void
}

function NewSecret({ secret, onClose }: NewSecretProps) {
  return (
    <Alert severity="success" bottomSpacing={0} title={t('keys.created', 'Copy the key now: it is not shown again')} onRemove={onClose}>
      <code>{secret}</code>{' '}
      <ClipboardButton icon="copy" size="sm" variant="secondary" getText={() => secret}>
        {t('setup.copy', 'Copy')}
      </ClipboardButton>
    </Alert>
  )
}

interface RefusalProps {
  readonly problem: Problem
  readonly onClose: () => void
}

function Refusal({ problem: { kind, message, hint, detail }, onClose }: RefusalProps) {
  const title = kind === 'request' ? t('keys.refused', 'The collector does not accept this key') : message
  return (
    <Alert severity="error" bottomSpacing={0} title={title} onRemove={onClose}>
      {detail || hint}
    </Alert>
  )
}
