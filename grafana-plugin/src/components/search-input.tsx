/** A search box whose words stand in the URL; it waits until a person stops typing. */
import { useEffect, useState } from 'react'
import { FilterInput } from '@grafana/ui'
import { useUrl } from '../state/url.ts'

const pauseMs = 300

interface SearchInputProps {
  readonly placeholder: string
  /** As wide as there is room. */
  readonly isWide?: boolean
}

const param = 'search'
const width = 28 // of Grafana's units

export function SearchInput({ placeholder, isWide = false }: SearchInputProps) {
  const { params, update } = useUrl()
  const current = params.get(param) ?? ''
  const [text, setText] = useState(current)

  useEffect(() => {
    if (text === current) {
      return undefined
    }
    const timer = setTimeout(() => update({ [param]: text === '' ? null : text, page: null }, { replace: true }), pauseMs)
    return () => clearTimeout(timer)
  }, [text, current, update])

  return (
    <FilterInput
      aria-label={placeholder}
      placeholder={placeholder}
      value={text}
      onChange={setText}
      {...(!isWide && { width })}
      escapeRegex={false}
    />
  )
}
