/** Shows the nested journey panel with data from the nested data source, as a dashboard would. */
import { useEffect, useState, type ComponentType } from 'react'
import {
  LoadingState,
  rangeUtil,
  type DataFrame,
  type DataQueryRequest,
  type DataSourceApi,
  type DataSourcePlugin,
  type PanelPlugin,
  type PanelProps,
} from '@grafana/data'
import { lastValueFrom, from as toObservable } from 'rxjs'
import { Page } from './frame.tsx'
import { loadModule } from './modules.ts'

const base = '/public/plugins/turret-topics-app'

interface Loaded {
  readonly panel: ComponentType<PanelProps>
  readonly frames: DataFrame[]
}

/** `/panel?kind=flow&view=sankey` */
export function JourneyPanelPage() {
  const params = new URLSearchParams(window.location.search)
  const kind = params.get('kind') ?? 'flow'
  const [loaded, setLoaded] = useState<Loaded>()
  useEffect(() => void load(kind).then(setLoaded), [kind])
  if (!loaded) {
    return null
  }
  const Panel = loaded.panel
  const timeRange = rangeUtil.convertRawToRange({ from: 'now-7d', to: 'now' })
  const props = {
    id: 1,
    data: { state: LoadingState.Done, series: loaded.frames, timeRange },
    options: { view: params.get('view') ?? 'sankey', size: 10 },
    width: 1100,
    height: 640,
    fieldConfig: { defaults: {}, overrides: [] },
  } as unknown as PanelProps
  return (
    <Page pageNav={{ text: 'Journey panel' }}>
      <div style={{ width: 1100, height: 640 }}>
        <Panel {...props} />
      </div>
    </Page>
  )
}

async function load(kind: string): Promise<Loaded> {
  const [source, panel] = await Promise.all([loadDataSource(), loadModule(`${base}/panels/journey/module.js`)])
  const range = rangeUtil.convertRawToRange({ from: 'now-7d', to: 'now' })
  const request = { targets: [{ refId: 'A', kind, level: 'topic', limit: 8 }], range, scopedVars: {} } as unknown as DataQueryRequest
  const { data } = await lastValueFrom(toObservable(source.query(request)))
  return { panel: (panel['plugin'] as PanelPlugin).panel as ComponentType<PanelProps>, frames: data }
}

/** The nested data source, as Grafana would make one of its settings. */
export async function loadDataSource(): Promise<DataSourceApi> {
  const module = await loadModule(`${base}/datasource/module.js`)
  const { DataSourceClass } = module['plugin'] as DataSourcePlugin<never>
  return new (DataSourceClass as unknown as new (settings: object) => DataSourceApi)({ url: '/api/datasources/proxy/uid/turret', meta: {} })
}
