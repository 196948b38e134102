/** The part of the map that is seen: it moves, zooms, and stands in the URL. */
import { useEffect, useMemo, useState } from 'react'
import { useUrl } from '../../state/url.ts'
import { fitView, pan, readView, writeView, zoom, type Place, type Size, type View } from './view.ts'

const pauseMs = 400 // of a hand at rest, until the URL is told

export interface ViewControl {
  readonly view: View
  /** The view that shows everything. */
  readonly whole: View
  readonly move: (by: Place) => void
  readonly zoomBy: (factor: number, at?: Place) => void
  readonly reset: () => void
}

/** @param places everything there is to see */
export function useView(places: readonly Place[], size: Size): ViewControl {
  const { params, update } = useUrl()
  const current = params.get('view')
  const whole = useMemo(() => fitView(places, size), [places, size])
  const linked = useMemo(() => readView(current, whole) ?? whole, [current, whole])
  const [moved, setMoved] = useState<View | 'whole'>() // undefined: as the URL says
  const seen = (last: typeof moved): View => (last === 'whole' ? whole : (last ?? linked))

  const told = moved === undefined ? current : moved === 'whole' ? null : writeView(moved, whole)
  useEffect(() => {
    if (told === current) {
      return undefined
    }
    const timer = setTimeout(() => update({ view: told }, { replace: true }), pauseMs)
    return () => clearTimeout(timer)
  }, [told, current, update])

  return {
    view: seen(moved),
    whole,
    move: (by) => setMoved((last) => pan(seen(last), by)),
    zoomBy: (factor, at) => setMoved((last) => zoom(seen(last), factor, whole, size, at)),
    reset: () => setMoved('whole'),
  }
}
