/** What pointers and keys do on the flow, heard once for the whole drawing: hundreds of bands need no handler each. */
import { useEffect, useState } from 'react'
import { locationUtil } from '@grafana/data'
import { locationService } from '@grafana/runtime'

/** @returns a ref for the drawing, and the `data-key` of the part that a person points at or has reached with the keyboard */
export function usePointed(): [(element: Element | null) => void, string | undefined] {
  const [element, setElement] = useState<Element | null>(null)
  const [pointed, setPointed] = useState<string>()
  useEffect(() => (element === null ? undefined : listen(element, setPointed)), [element])
  return [setElement, pointed]
}

/** @returns stops listening */
function listen(element: Element, onPoint: (key: string | undefined) => void): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const point = ({ target }: Event): void => onPoint(closest(target, '[data-key]')?.getAttribute('data-key') ?? undefined)
  const leave = (): void => onPoint(undefined)
  element.addEventListener('mouseover', point, { signal })
  element.addEventListener('mouseleave', leave, { signal })
  element.addEventListener('focusin', point, { signal })
  element.addEventListener('focusout', leave, { signal })
  element.addEventListener('click', (event) => follow(event as MouseEvent), { signal })
  return () => stop.abort()
}

/** Opens a link inside the app, unless the person asked for a new tab or window. */
function follow(event: MouseEvent): void {
  const href = closest(event.target, 'a')?.getAttribute('href')
  if (typeof href === 'string' && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault()
    locationService.push(locationUtil.stripBaseFromUrl(href))
  }
}

function closest(target: EventTarget | null, selector: string): Element | undefined {
  return target instanceof Element ? (target.closest(selector) ?? undefined) : undefined
}
