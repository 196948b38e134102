/** Settings of the data source. */
import type { DataSourcePluginOptionsEditorProps } from '@grafana/data'
import { Field, Input, SecretInput } from '@grafana/ui'
import { defaultApiUrl } from '../config/settings.ts'
import { t } from '../i18n.ts'
import type { SourceSecrets, SourceSettings } from './query.ts'

export function ConfigEditor({ options, onOptionsChange }: DataSourcePluginOptionsEditorProps<SourceSettings, SourceSecrets>) {
  const { jsonData, secureJsonData, secureJsonFields } = options
  return (
    <>
      <Field label={t('config.url', 'Collector URL')} description={t('config.url-hint', 'Where Grafana’s server reaches the collector')}>
        <Input
          id="source-url"
          width={60}
          placeholder={defaultApiUrl}
          value={jsonData.apiUrl ?? ''}
          onChange={(event) =>
            onOptionsChange({ ...options, jsonData: { ...jsonData, apiUrl: event.currentTarget.value.trim().replace(/\/+$/, '') } })
          }
        />
      </Field>
      <Field label={t('config.key', 'API key')} description={t('source.key-hint', 'A key with the scope “read”')}>
        <SecretInput
          id="source-key"
          width={60}
          isConfigured={Boolean(secureJsonFields['apiKey'])}
          value={secureJsonData?.apiKey ?? ''}
          onChange={(event) => onOptionsChange({ ...options, secureJsonData: { apiKey: event.currentTarget.value } })}
          onReset={() =>
            onOptionsChange({ ...options, secureJsonFields: { ...secureJsonFields, apiKey: false }, secureJsonData: { apiKey: '' } })
          }
        />
      </Field>
    </>
  )
}
