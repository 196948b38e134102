/** Hands the app's settings to the pages. */
import { createContext, useContext, type ReactNode } from 'react'
import type { AppSettings } from './settings.ts'

const SettingsContext = createContext<AppSettings>({})

export function SettingsProvider({ settings, children }: { readonly settings: AppSettings; readonly children: ReactNode }) {
  return <SettingsContext.Provider value={settings}>{children}</SettingsContext.Provider>
}

export function useSettings(): AppSettings {
  return useContext(SettingsContext)
}
