import type { PluginConfigPageProps, AppPluginMeta } from '@grafana/data'
import type { AppSettings } from './settings.ts'
export function AppConfig(_props: PluginConfigPageProps<AppPluginMeta<AppSettings>>) {
  return null
}
