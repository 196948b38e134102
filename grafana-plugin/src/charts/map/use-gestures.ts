/** What hands do on a map: drag, point, click, turn the wheel, press keys. Wheel listeners of React could not keep the page from scrolling. */
import { useEffect, useRef, useState } from 'react'
import type { Place } from './view.ts'

export interface Gestures {
  /** @param by px since the last call */
  readonly onDrag: (by: Place) => void
  /** @param at px from the element's corner; undefined: the pointer has left, or drags */
  readonly onPoint: (at: Place | undefined) => void
  readonly onClick: (at: Place) => void
  /** @param factor above 1: nearer */
  readonly onZoom: (factor: number, at?: Place) => void
  readonly onReset: () => void
}

const dragFrom = 4 // px that a hand moves before a click becomes a drag
const keyStep = 60 // px
const wheelStep = 0.0016 // of a zoom factor's logarithm, per pixel that a wheel reports
export const zoomStep = 1.6

const keyDrags: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: keyStep, y: 0 },
  ArrowRight: { x: -keyStep, y: 0 },
  ArrowUp: { x: 0, y: keyStep },
  ArrowDown: { x: 0, y: -keyStep },
}

/** @returns a ref for the element */
export function useGestures(gestures: Gestures): (element: HTMLElement | null) => void {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const latest = useRef(gestures)
  useEffect(() => {
    latest.current = gestures
  })
  useEffect(() => (element === null ? undefined : listen(element, () => latest.current)), [element])
  return setElement
}

/** @returns stops listening */
function listen(element: HTMLElement, gestures: () => Gestures): () => void {
  const stop = new AbortController()
  const { signal } = stop
  let drag: { at: Place; isDrag: boolean } | undefined
  const placeOf = (event: MouseEvent): Place => {
    const { left, top } = element.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }

  element.addEventListener(
    'pointerdown',
    (event) => {
      drag = { at: placeOf(event), isDrag: false }
      element.setPointerCapture(event.pointerId)
    },
    { signal },
  )
  element.addEventListener(
    'pointermove',
    (event) => {
      const at = placeOf(event)
      if (drag === undefined) {
        gestures().onPoint(at)
        return
      }
      const by = { x: at.x - drag.at.x, y: at.y - drag.at.y }
      if (drag.isDrag || Math.hypot(by.x, by.y) >= dragFrom) {
        drag = { at, isDrag: true }
        gestures().onPoint(undefined)
        gestures().onDrag(by)
      }
    },
    { signal },
  )
  element.addEventListener(
    'pointerup',
    (event) => {
      const isClick = drag?.isDrag === false && event.button === 0
      drag = undefined
      if (isClick) {
        gestures().onClick(placeOf(event))
      }
    },
    { signal },
  )
  element.addEventListener('pointercancel', () => (drag = undefined), { signal })
  element.addEventListener('pointerleave', () => gestures().onPoint(undefined), { signal })
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      gestures().onZoom(Math.exp(-event.deltaY * wheelStep), placeOf(event))
    },
    { signal, passive: false },
  )
  element.addEventListener('keydown', (event) => press(event, gestures()) && event.preventDefault(), { signal })
  return () => stop.abort()
}

/** @returns whether the key means something here */
function press({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, { onDrag, onZoom, onReset }: Gestures): boolean {
  const by = keyDrags[key]
  if (ctrlKey || metaKey || altKey) {
    return false
  }
  if (by) {
    onDrag(by)
  } else if (key === '+' || key === '=') {
    onZoom(zoomStep)
  } else if (key === '-') {
    onZoom(1 / zoomStep)
  } else if (key === '0') {
    onReset()
  } else {
    return false
  }
  return true
}
