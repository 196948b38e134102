/** The mini host: what of Grafana the plugin needs to be seen in a browser. It loads the production `dist/` unchanged. */
import './boot.ts'
import { useEffect, useMemo, useState, type ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
import {
  createTheme,
  PluginContextProvider,
  PluginType,
  ThemeContext,
  type AppPlugin,
  type AppPluginMeta,
  type AppRootProps,
  type DataSourceApi,
} from '@grafana/data'
import { locationService, LocationServiceProvider } from '@grafana/runtime'
import { initPluginTranslations } from '@grafana/i18n'
import { GlobalStyles, ModalsProvider, PortalContainer } from '@grafana/ui'
import { Router } from 'react-router-dom'
import { CompatRouter, Route, Routes } from 'react-router-dom-v5-compat'
import { Frame, Page } from './frame.tsx'
import { loadModule } from './modules.ts'
import { JourneyPanelPage, loadDataSource } from './panel-page.tsx'
import { installServices, pendingRequests } from './services.ts'
import { setPluginPage } from '@grafana/runtime/dist/esm/components/PluginPage.mjs'

const id = 'turret-topics-app'
type Mode = 'dark' | 'light'

/** For the tests. */
export interface HostControls {
  /** Opens a page of the app without loading the whole page again, as a click on a link does. */
  readonly go: (path: string) => void
  /** Requests of the plugin that wait for their answer. */
  readonly pending: () => number
  readonly dataSource: () => Promise<DataSourceApi>
}

declare global {
  interface Window {
    host: HostControls
  }
}

function Host({ plugin, meta }: { readonly plugin: AppPlugin; readonly meta: AppPluginMeta }) {
  const Root = plugin.root as ComponentType<AppRootProps>
  const [mode, setMode] = useState<Mode>(() => (localStorage.getItem('theme') === 'light' ? 'light' : 'dark'))
  const theme = useMemo(() => createTheme({ colors: { mode } }), [mode])
  useEffect(() => {
    document.body.className = `theme-${mode}`
    document.documentElement.style.colorScheme = mode
    localStorage.setItem('theme', mode)
  }, [mode])
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <ModalsProvider>
        <LocationServiceProvider service={locationService}>
          <Router history={locationService.getHistory()}>
            <CompatRouter>
              <PluginContextProvider meta={meta}>
                <Frame meta={meta} onThemeChange={() => setMode(mode === 'dark' ? 'light' : 'dark')}>
                  <Routes>
                    <Route
                      path={`/a/${id}/*`}
                      element={<Root meta={meta} basename={`/a/${id}`} query={{}} path="" onNavChanged={() => undefined} />}
                    />
                    <Route path={`/plugins/${id}`} element={<ConfigPage plugin={plugin} meta={meta} />} />
                    <Route path="/panel" element={<JourneyPanelPage />} />
                    <Route path="/nothing" element={null} />
                    <Route path="*" element={<Start />} />
                  </Routes>
                </Frame>
              </PluginContextProvider>
            </CompatRouter>
          </Router>
        </LocationServiceProvider>
        <PortalContainer />
      </ModalsProvider>
    </ThemeContext.Provider>
  )
}

function ConfigPage({ plugin, meta }: { readonly plugin: AppPlugin; readonly meta: AppPluginMeta }) {
  const page = plugin.configPages?.[0]
  const Body = page?.body as ComponentType<{ plugin: unknown; query: unknown }> | undefined
  const [fresh, setFresh] = useState<AppPluginMeta>()
  useEffect(() => {
    void readMeta().then(setFresh)
  }, [])
  return <Page pageNav={{ text: 'Configuration' }}>{Body && fresh && <Body plugin={{ meta: { ...meta, ...fresh } }} query={{}} />}</Page>
}

function Start() {
  useEffect(() => locationService.replace(`/a/${id}/topics`), [])
  return null
}

async function readMeta(): Promise<AppPluginMeta> {
  const [meta, settings] = await Promise.all(
    [`/public/plugins/${id}/plugin.json`, `/api/plugins/${id}/settings`].map(async (url) => (await fetch(url)).json()),
  )
  return { ...meta, ...settings, type: PluginType.app, module: '', baseUrl: `/public/plugins/${id}` }
}

async function start(): Promise<void> {
  installServices()
  setPluginPage(Page)
  await initPluginTranslations('grafana')
  const [meta, module] = await Promise.all([readMeta(), loadModule(`/public/plugins/${id}/module.js`)])
  const plugin = module['plugin'] as AppPlugin
  performance.mark('plugin loaded')
  plugin.meta = meta
  plugin.init(meta)
  window.host = { go: (path) => locationService.push(path), pending: pendingRequests, dataSource: loadDataSource }
  createRoot(document.querySelector('#app')!).render(<Host plugin={plugin} meta={meta} />)
}

void start()
