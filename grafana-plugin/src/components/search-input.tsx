/** A search box whose words stand in the URL; it waits until a person stops typing. */
import { useEffect, useState } from 'react'
import { FilterInput } from '@grafana/ui'
import { useUrl } from '../state/url.ts'

const pauseMs = 300

export function SearchInput({ placeholder, param = 'search' }: { readonly placeholder: string; readonly param?: string }) {
  const { params, update } = useUrl()
  const current = params.get(param) ?? ''
  const [text, setText] = useState(current)

  useEffect(() => {
    if (text === current) {
      return undefined
    }
    const timer = setTimeout(() => update({ [param]: text === '' ? null : text, page: null }, { replace: true }), pauseMs)
    return () => clearTimeout(timer)
  }, [text, current, param, update])

  return <FilterInput aria-label={placeholder} placeholder={placeholder} value={text} onChange={setText} width={28} escapeRegex={false} />
}
