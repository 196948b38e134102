/** API keys: create, see their use, revoke. A key's secret is shown once. */
import { useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Alert, Badge, Button, Checkbox, ClipboardButton, ConfirmButton, Field, Input, useStyles2 } from '@grafana/ui'
import { call } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { ApiKey, Scope } from '../api/types.ts'
import { useQuery } from '../api/use-query.ts'
import { ShareBar } from '../charts/share-bar.tsx'
import { DataTable, type Column } from '../components/data-table.tsx'
import { Page } from '../components/page.tsx'
import { QueryView } from '../components/query-view.tsx'
import { Section } from '../components/section.tsx'
import { formatCount, formatTime } from '../format.ts'
import { t } from '../i18n.ts'

const scopes: readonly Scope[] = ['ingest', 'read', 'admin']

export function KeysPage() {
  const query = useQuery('keys', {})
  const overview = useQuery('overview', {})
  const [secret, setSecret] = useState<string>()
  const [problem, setProblem] = useState<Problem>()
  const run = async (edit: () => Promise<unknown>) => {
    setProblem(undefined)
    try {
      await edit()
      query.reload()
    } catch (error) {
      setProblem(error as Problem)
    }
  }
  return (
    <Page title={t('keys.title', 'Keys')} subTitle={t('keys.subtitle', 'Who may send events, read and edit')}>
      {secret !== undefined && <NewSecret secret={secret} onClose={() => setSecret(undefined)} />}
      {problem && (
        <Alert severity="error" title={problem.message} onRemove={() => setProblem(undefined)}>
          {problem.detail || problem.hint}
        </Alert>
      )}
      <QueryView query={query}>
        {({ keys }) => (
          <>
            <Section title={t('keys.list', 'Keys of this project')}>
              {keys.length === 0 ? (
                <p>
                  {t(
                    'keys.none',
                    'None yet. Keys of the collector’s configuration file are not listed here; a collector on a loopback address that has no key at all is open to everybody on its machine.',
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
            <NewKey
              key={overview.data?.project}
              project={overview.data?.project ?? ''}
              onCreate={(body) => run(async () => setSecret((await call('createKey', { body })).key))}
            />
          </>
        )}
      </QueryView>
    </Page>
  )
}

function NewSecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <Alert severity="success" title={t('keys.created', 'Copy the key now: it is not shown again')} onRemove={onClose}>
      <code>{secret}</code>{' '}
      <ClipboardButton icon="copy" size="sm" variant="secondary" getText={() => secret}>
        {t('setup.copy', 'Copy')}
      </ClipboardButton>
    </Alert>
  )
}

interface NewKeyProps {
  readonly project: string
  readonly onCreate: (key: { project: string; name: string; scopes: Scope[]; monthly_quota: number }) => Promise<void>
}

function NewKey({ project, onCreate }: NewKeyProps) {
  const styles = useStyles2(getStyles)
  const [name, setName] = useState('')
  const [chosenProject, setProject] = useState(project)
  const [chosen, setChosen] = useState<readonly Scope[]>(['ingest'])
  const [quota, setQuota] = useState('')
  return (
    <Section title={t('keys.new', 'New key')}>
      <div className={styles.form}>
        <Field label={t('keys.project', 'Project')} noMargin>
          <Input id="key-project" value={chosenProject} onChange={(event) => setProject(event.currentTarget.value)} width={24} />
        </Field>
        <Field label={t('keys.name', 'Name')} noMargin>
          <Input
            id="key-name"
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
            width={30}
            placeholder={t('keys.name-example', 'web app')}
          />
        </Field>
        <Field label={t('keys.quota', 'Events a month')} noMargin>
          <Input
            id="key-quota"
            type="number"
            min={0}
            value={quota}
            onChange={(event) => setQuota(event.currentTarget.value)}
            width={20}
            placeholder={t('keys.no-limit', 'no limit')}
          />
        </Field>
        <fieldset className={styles.scopes}>
          <legend>{t('keys.scopes', 'May')}</legend>
          <div>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                label={scopeWords(scope)}
                value={chosen.includes(scope)}
                onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))}
              />
            ))}
          </div>
        </fieldset>
        <Button
          disabled={chosen.length === 0 || chosenProject === ''}
          onClick={() => void onCreate({ project: chosenProject, name, scopes: [...chosen], monthly_quota: Number(quota) || 0 })}
        >
          {t('keys.create', 'Create key')}
        </Button>
      </div>
    </Section>
  )
}

function scopeWords(scope: Scope): string {
  switch (scope) {
    case 'ingest':
      return t('keys.ingest', 'send events')
    case 'read':
      return t('keys.read', 'read')
    case 'admin':
      return t('keys.admin', 'edit topics and keys')
  }
}

function toColumns(onRevoke: (id: string) => void): Column<ApiKey>[] {
  return [
    { id: 'name', header: t('keys.name', 'Name'), cell: ({ name, key_id }) => name || key_id, order: ({ name }) => name },
    {
      id: 'scopes',
      header: t('keys.scopes', 'May'),
      cell: ({ scopes, k_anonymity }) =>
        k_anonymity > 0
          ? t('keys.crowd', 'read what at least {{count}} users share', { count: k_anonymity })
          : scopes.map(scopeWords).join(', '),
    },
    {
      id: 'use',
      header: t('keys.use', 'Used this month'),
      width: 240,
      cell: ({ used_this_month, monthly_quota }) =>
        monthly_quota === 0 ? (
          formatCount(used_this_month)
        ) : (
          <>
            {t('keys.of', '{{used}} of {{quota}}', { used: formatCount(used_this_month), quota: formatCount(monthly_quota) })}
            <ShareBar share={used_this_month / monthly_quota} />
          </>
        ),
    },
    {
      id: 'created',
      header: t('keys.created-at', 'Created'),
      width: 170,
      cell: ({ created_at }) => formatTime(created_at),
      order: ({ created_at }) => created_at,
    },
    {
      id: 'revoke',
      header: '',
      align: 'right',
      width: 150,
      cell: ({ key_id, revoked_at }) =>
        revoked_at === null ? (
          <ConfirmButton
            confirmText={t('keys.revoke', 'Revoke')}
            confirmVariant="destructive"
            closeOnConfirm
            onConfirm={() => onRevoke(key_id)}
          >
            {t('keys.revoke', 'Revoke')}
          </ConfirmButton>
        ) : (
          <Badge color="darkgrey" text={t('keys.revoked', 'Revoked')} />
        ),
    },
  ]
}

const getStyles = (theme: GrafanaTheme2) => ({
  form: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: theme.spacing(2) }),
  scopes: css({
    legend: { ...theme.typography.bodySmall, fontWeight: theme.typography.fontWeightMedium, border: 'none', margin: 0 },
    '> div': { display: 'flex', alignItems: 'center', gap: theme.spacing(2), height: theme.spacing(4) },
  }),
})
