/** The nested data source: topics and journeys on any dashboard. */
import '../public-path.ts'
import { DataSourcePlugin } from '@grafana/data'
import { initPluginTranslations } from '@grafana/i18n'
import { pluginId } from '../constants.ts'
import { ConfigEditor } from './config-editor.tsx'
import { TopicsDataSource } from './data-source.ts'
import { QueryEditor } from './query-editor.tsx'
import type { SourceSettings, TopicsQuery } from './query.ts'

// Not awaited: an AMD module must export its plugin at once. Until they are loaded, words are English.
void initPluginTranslations(pluginId)

export const plugin = new DataSourcePlugin<TopicsDataSource, TopicsQuery, SourceSettings>(TopicsDataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
