/** What Grafana loads first: names the parts of the app and loads each only when it is opened. */
import './public-path.ts'
import { lazy, Suspense } from 'react'
import { AppPlugin, type AppRootProps } from '@grafana/data'
import { initPluginTranslations } from '@grafana/i18n'
import { LoadingPlaceholder } from '@grafana/ui'
import type { AppSettings } from './config/settings.ts'
import { pluginId } from './constants.ts'
import { links } from './extensions/links.ts'

const LazyApp = lazy(async () => {
  await initPluginTranslations(pluginId)
  return { default: (await import('./pages/app.tsx')).App }
})
const LazyConfig = lazy(async () => {
  await initPluginTranslations(pluginId)
  return { default: (await import('./config/app-config.tsx')).AppConfig }
})

function App(props: AppRootProps<AppSettings>) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyApp {...props} />
    </Suspense>
  )
}

const app = new AppPlugin<AppSettings>().setRootPage(App).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  id: 'configuration',
  body: (props) => (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyConfig {...props} />
    </Suspense>
  ),
})
for (const link of links) {
  app.addLink(link)
}

export { app as plugin }
