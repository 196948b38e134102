/** The app's pages by path. */
import { lazy, Suspense } from 'react'
import type { AppRootProps } from '@grafana/data'
import { LoadingPlaceholder } from '@grafana/ui'
import { Navigate, Route, Routes, useLocation } from 'react-router'
import type { AppSettings } from '../config/settings.ts'
import { SettingsProvider } from '../config/settings-context.tsx'
import { DirectoryProvider } from '../state/directory.tsx'
import { EditsProvider } from '../state/edits.tsx'
import { readLevel } from '../state/filters.ts'
import { RefreshProvider } from '../state/refresh.tsx'
import { PageBoundary } from './page-boundary.tsx'

const pages = [
  { path: 'topics', page: lazy(async () => ({ default: (await import('./topics/topics-page.tsx')).TopicsPage })) },
  { path: 'topics/:id', page: lazy(async () => ({ default: (await import('./topic/topic-page.tsx')).TopicPage })) },
  { path: 'journeys', page: lazy(async () => ({ default: (await import('./journeys/journeys-page.tsx')).JourneysPage })) },
  { path: 'sessions', page: lazy(async () => ({ default: (await import('./sessions/sessions-page.tsx')).SessionsPage })) },
  { path: 'sessions/:id', page: lazy(async () => ({ default: (await import('./session/session-page.tsx')).SessionPage })) },
  { path: 'map', page: lazy(async () => ({ default: (await import('./map/map-page.tsx')).MapPage })) },
  { path: 'setup', page: lazy(async () => ({ default: (await import('./setup/setup-page.tsx')).SetupPage })) },
  { path: 'keys', page: lazy(async () => ({ default: (await import('./keys/keys-page.tsx')).KeysPage })) },
]

export function App({ meta }: AppRootProps<AppSettings>) {
  const { search } = useLocation()
  return (
    <SettingsProvider settings={meta.jsonData ?? {}}>
      <RefreshProvider>
        <DirectoryProvider level={readLevel(new URLSearchParams(search))}>
          <EditsProvider>
            <Suspense fallback={<LoadingPlaceholder text="" />}>
              <Routes>
                {pages.map(({ path, page: Page }) => (
                  <Route
                    key={path}
                    path={path}
                    element={
                      <PageBoundary>
                        <Page />
                      </PageBoundary>
                    }
                  />
                ))}
                <Route path="*" element={<Navigate to={`topics${search}`} replace />} />
              </Routes>
            </Suspense>
          </EditsProvider>
        </DirectoryProvider>
      </RefreshProvider>
    </SettingsProvider>
  )
}
