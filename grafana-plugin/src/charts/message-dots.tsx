/** One dot per message, drawn on a canvas below the circles of the map: a hundred thousand are one picture. */
import { useEffect, useRef } from 'react'
import { css } from '@emotion/css'
import { useStyles2 } from '@grafana/ui'
import { layOutDots } from './dot-layout.ts'
import type { Circle } from './topic-map.tsx'

interface MessageDotsProps {
  /** Circles that hold no others: subtopics, and topics or themes without any. */
  readonly circles: readonly Circle[]
  readonly width: number
  readonly height: number
}

export function MessageDots({ circles, width, height }: MessageDotsProps) {
  const styles = useStyles2(getStyles)
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const start = performance.now()
    const count = canvas.current ? draw(canvas.current, circles, width, height) : 0
    performance.measure('map drawn', { start, detail: count })
  }, [circles, width, height])
  return <canvas ref={canvas} className={styles.canvas} style={{ width, height }} aria-hidden />
}

/** @returns number of dots drawn */
function draw(canvas: HTMLCanvasElement, circles: readonly Circle[], width: number, height: number): number {
  const scale = window.devicePixelRatio
  canvas.width = width * scale
  canvas.height = height * scale
  const context = canvas.getContext('2d')
  if (!context) {
    return 0
  }
  context.scale(scale, scale)
  let count = 0
  for (const { topic, x, y, radius } of circles) {
    const { positions, size } = layOutDots(topic.events, { x, y, radius })
    context.fillStyle = topic.color
    // Squares of a pixel or two look like dots and cost a fraction of arcs.
    for (let i = 0; i < positions.length; i += 2) {
      context.fillRect(positions[i]! - size / 2, positions[i + 1]! - size / 2, size, size)
    }
    count += positions.length / 2
  }
  return count
}

const getStyles = () => ({ canvas: css({ position: 'absolute', inset: 0, pointerEvents: 'none' }) })
