/** The page's refresh button: every query on the page asks again when its count moves. */
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'

interface Refresh {
  readonly count: number
  readonly refresh: () => void
}

const RefreshContext = createContext<Refresh>({ count: 0, refresh: () => undefined })

export function RefreshProvider({ children }: { readonly children: ReactNode }) {
  const [count, setCount] = useState(0)
  const value = useMemo(() => ({ count, refresh: () => setCount((n) => n + 1) }), [count])
  return <RefreshContext.Provider value={value}>{children}</RefreshContext.Provider>
}

export function useRefresh(): Refresh {
  return useContext(RefreshContext)
}
