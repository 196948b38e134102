/** The URL is the only state of a page: whoever opens a copied link sees the same thing. */
import { useCallback, useMemo } from 'react'
import { useLocation, useNavigate } from 'react-router'

/** New values of query parameters; null or an empty list takes a parameter away. */
export type UrlPatch = Readonly<Record<string, string | readonly string[] | null>>

export interface Url {
  readonly params: URLSearchParams
  /** Changes parameters and keeps the others; `replace` leaves no step for the back button. */
  readonly update: (patch: UrlPatch, options?: { replace?: boolean }) => void
}

export function useUrl(): Url {
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  const params = useMemo(() => new URLSearchParams(search), [search])
  const update = useCallback<Url['update']>(
    (patch, { replace = false } = {}) => {
      const next = patchParams(params, patch).toString()
      navigate({ pathname, search: next }, { replace })
    },
    [params, pathname, navigate],
  )
  return { params, update }
}

export function patchParams(params: URLSearchParams, patch: UrlPatch): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const [name, value] of Object.entries(patch)) {
    next.delete(name)
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) {
      next.append(name, one)
    }
  }
  return next
}
