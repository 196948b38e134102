/** Which part of the map is seen: arithmetic between places on the map and pixels. */

/** A place on the map, in its own units. */
export interface Place {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Map units and how many of them fit: the place in the middle of the picture, and pixels per unit. */
export interface View extends Place {
  readonly scale: number
}

const margin = 40 // px around the whole map: room for the labels at its rim
const farthest = 0.6 // of the scale at which the whole map is seen
const nearest = 80

/** The view that shows all places. */
export function fitView(places: readonly Place[], { width, height }: Size): View {
  const [left, right] = extent(places.map(({ x }) => x))
  const [top, bottom] = extent(places.map(({ y }) => y))
  const scale = Math.min((width - 2 * margin) / Math.max(right - left, 1), (height - 2 * margin) / Math.max(bottom - top, 1))
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.max(scale, 1e-3) }
}

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return low > high ? [0, 0] : [low, high]
}

export function toPixel(place: Place, view: View, { width, height }: Size): Place {
  return { x: (place.x - view.x) * view.scale + width / 2, y: (place.y - view.y) * view.scale + height / 2 }
}

/** @param by pixels that the picture moves */
export function pan(view: View, by: Place): View {
  return { ...view, x: view.x - by.x / view.scale, y: view.y - by.y / view.scale }
}

/**
 * Zooms so that what lies under a pixel stays there.
 * @param at default: the middle
 * @param whole the view of the whole map, which bounds the zoom
 */
export function zoom(view: View, factor: number, whole: View, size: Size, at: Place = { x: size.width / 2, y: size.height / 2 }): View {
  const scale = Math.min(nearest * whole.scale, Math.max(farthest * whole.scale, view.scale * factor))
  const shift = 1 / view.scale - 1 / scale
  return { x: view.x + (at.x - size.width / 2) * shift, y: view.y + (at.y - size.height / 2) * shift, scale }
}

/** As it stands in the URL; a window of another size shows the same part. */
export function writeView({ x, y, scale }: View, whole: View): string {
  return [x, y, scale / whole.scale].map((value) => value.toFixed(3)).join('_')
}

/** undefined for what is not a view. */
export function readView(text: string | null, whole: View): View | undefined {
  const [x, y, factor] = (text ?? '').split('_').map(Number)
  const isView = [x, y, factor].every((value) => Number.isFinite(value)) && factor! > 0
  return isView ? { x: x!, y: y!, scale: Math.min(nearest, Math.max(farthest, factor!)) * whole.scale } : undefined
}
