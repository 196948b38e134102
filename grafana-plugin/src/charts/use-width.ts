/** Measures how wide an element is, so that drawings fill it. */
import { useCallback, useState } from 'react'

/** @returns a ref for the element, and its width in pixels; 0 before it is laid out */
export function useWidth(): [(element: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(0)
  const [observer] = useState(() => new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width))))
  const ref = useCallback(
    (element: HTMLElement | null) => {
      observer.disconnect()
      if (element) {
        observer.observe(element)
      }
    },
    [observer],
  )
  return [ref, width]
}
