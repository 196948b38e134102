/** The configuration page: where the collector is, which key to use, and whether both are right. */
import { useState, type FormEvent } from 'react'
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data'
import { getBackendSrv } from '@grafana/runtime'
import { Alert, Button, Field, FieldSet, Input, SecretInput, Stack } from '@grafana/ui'
import { lastValueFrom } from 'rxjs'
import { call } from '../api/client.ts'
import { toProblem, type Problem } from '../api/problem.ts'
import type { OverviewAnswer } from '../api/types.ts'
import { pluginId, rootPath } from '../constants.ts'
import { formatCount } from '../format.ts'
import { t } from '../i18n.ts'
import { defaultApiUrl, type AppSettings } from './settings.ts'

type Result = { readonly overview: OverviewAnswer } | { readonly problem: Problem }

export function AppConfig({ plugin: { meta } }: PluginConfigPageProps<AppPluginMeta<AppSettings>>) {
  const { enabled = false, pinned = false, jsonData = {}, secureJsonFields } = meta
  const [apiUrl, setApiUrl] = useState(jsonData.apiUrl ?? '')
  const [ingestUrl, setIngestUrl] = useState(jsonData.ingestUrl ?? '')
  const [tracesUid, setTracesUid] = useState(jsonData.tracesUid ?? '')
  const [apiKey, setApiKey] = useState('')
  const [hasKey, setHasKey] = useState(Boolean(secureJsonFields?.['apiKey']))
  const [result, setResult] = useState<Result>()
  const [busy, setBusy] = useState(false)
  const urlFault = faultOf(apiUrl)

  /** Grafana's proxy knows only saved settings, so a test saves first. */
  const saveAndTest = async () => {
    setBusy(true)
    setResult(undefined)
    try {
      const settings: AppSettings = { apiUrl: trimUrl(apiUrl), ingestUrl: trimUrl(ingestUrl), tracesUid }
      await saveSettings({
        enabled: true,
        pinned: enabled ? pinned : true,
        jsonData: settings,
        ...(apiKey !== '' && { secureJsonData: { apiKey } }),
      })
      setHasKey(hasKey || apiKey !== '')
      setApiKey('')
      setResult({ overview: await call('overview') })
    } catch (error) {
      setResult({ problem: toProblem(error) })
    }
    setBusy(false)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void saveAndTest()
  }
  return (
    <form onSubmit={onSubmit}>
      <FieldSet label={t('config.connection', 'Connection')}>
        <Field
          label={t('config.url', 'Collector URL')}
          description={t('config.url-hint', 'Where Grafana’s server reaches the collector')}
          invalid={apiUrl !== '' && urlFault !== undefined}
          error={urlFault}
          required
        >
          <Input
            id="api-url"
            value={apiUrl}
            onChange={(event) => setApiUrl(event.currentTarget.value)}
            placeholder={defaultApiUrl}
            width={60}
          />
        </Field>
        <Field
          label={t('config.key', 'API key')}
          description={t(
            'config.key-hint',
            'Scope “read” shows everything; edits of topics and the keys page need “admin”. A collector on a loopback address may need none.',
          )}
        >
          <SecretInput
            id="api-key"
            isConfigured={hasKey}
            value={apiKey}
            onChange={(event) => setApiKey(event.currentTarget.value)}
            onReset={() => setHasKey(false)}
            width={60}
            autoComplete="off"
          />
        </Field>
      </FieldSet>
      <FieldSet label={t('config.links', 'Links')}>
        <Field
          label={t('config.ingest', 'URL for applications')}
          description={t('config.ingest-hint', 'Shown in the setup examples when applications reach the collector under another address')}
        >
          <Input
            id="ingest-url"
            value={ingestUrl}
            onChange={(event) => setIngestUrl(event.currentTarget.value)}
            placeholder={apiUrl || defaultApiUrl}
            width={60}
          />
        </Field>
        <Field
          label={t('config.traces', 'Trace data source')}
          description={t('config.traces-hint', 'Uid of a Tempo data source: sessions then link to their trace')}
        >
          <Input id="traces-uid" value={tracesUid} onChange={(event) => setTracesUid(event.currentTarget.value)} width={60} />
        </Field>
      </FieldSet>
      <Stack direction="column" gap={2} alignItems="flex-start">
        <Button type="submit" disabled={busy || apiUrl === '' || urlFault !== undefined} icon={busy ? 'spinner' : undefined}>
          {t('config.save', 'Save and test connection')}
        </Button>
        {result && <ResultView result={result} />}
      </Stack>
    </form>
  )
}

function ResultView({ result }: { readonly result: Result }) {
  if ('problem' in result) {
    const { message, hint, detail } = result.problem
    return (
      <Alert severity="error" title={message}>
        {hint} {detail}
      </Alert>
    )
  }
  const { version, project, total, topics } = result.overview
  return (
    <Alert severity="success" title={t('config.works', 'Connected to collector {{version}}, project {{project}}', { version, project })}>
      <p>
        {t('config.counts', '{{events}} messages, {{sessions}} sessions, {{topics}} topics', {
          events: formatCount(total.events),
          sessions: formatCount(total.sessions),
          topics: formatCount(topics),
        })}
      </p>
      <a href={`${rootPath}/${total.events === 0 ? 'setup' : 'topics'}`}>
        {total.events === 0 ? t('config.to-setup', 'Send the first event') : t('config.to-topics', 'See topics')}
      </a>
    </Alert>
  )
}

function saveSettings(data: unknown): Promise<unknown> {
  return lastValueFrom(getBackendSrv().fetch({ url: `/api/plugins/${pluginId}/settings`, method: 'POST', data, showErrorAlert: false }))
}

const trimUrl = (url: string) => url.trim().replace(/\/+$/, '')

/** @returns what is wrong with a URL; undefined = nothing */
function faultOf(url: string): string | undefined {
  return /^https?:\/\//.test(url.trim()) && URL.canParse(url.trim())
    ? undefined
    : t('config.url-fault', 'Expected a URL such as {{example}}', { example: defaultApiUrl })
}
