/** One band of the flow. There are hundreds: it holds no hooks and no handlers, and is drawn anew only when something of it changes. */
import { memo } from 'react'
import type { BandPlace } from './layout.ts'
import type { BandView } from './views.ts'

interface BandProps {
  readonly view: BandView
  readonly place: BandPlace
  readonly isLit: boolean
}

export const Band = memo(function Band({ view: { key, color, title, href }, place: { path, width }, isLit }: BandProps) {
  return (
    <a href={href} tabIndex={-1} data-key={key}>
      <title>{title}</title>
      <path d={path} stroke={color} strokeWidth={width} strokeOpacity={isLit ? 0.38 : 0.08} />
    </a>
  )
})
