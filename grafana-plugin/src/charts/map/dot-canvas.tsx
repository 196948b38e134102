/** The dots of the map on a canvas, painted anew whenever what is seen changes. */
import { useLayoutEffect, useMemo, useRef } from 'react'
import { css } from '@emotion/css'
import { colorManipulator } from '@grafana/data'
import { useStyles2, useTheme2 } from '@grafana/ui'
import type { Dots } from './dots.ts'
import { paintDots, type Rgb } from './paint.ts'
import type { Size, View } from './view.ts'

interface DotCanvasProps {
  readonly dots: Dots
  readonly view: View
  readonly fitScale: number
  readonly size: Size
  readonly colorOf: (topicId: string) => string
  /** Topics that stand out; the others are faint. undefined: none does. */
  readonly emphasis: ReadonlySet<string> | undefined
  /** What the picture shows, for those who cannot see it. */
  readonly label: string
}

const plainStrength = 0.85
const faintStrength = 0.12
const mostPixelsPerPixel = 2 // of a very fine screen: more is not seen, and costs time

export function DotCanvas({ dots, view, fitScale, size, colorOf, emphasis, label }: DotCanvasProps) {
  const styles = useStyles2(getStyles)
  const theme = useTheme2()
  const canvas = useRef<HTMLCanvasElement>(null)
  const strengths = useMemo(
    () => dots.topicIds.map((id) => (emphasis === undefined || emphasis.has(id) ? plainStrength : faintStrength)),
    [dots, emphasis],
  )
  const background = useMemo(() => toRgb(theme.colors.background.primary, [0, 0, 0]), [theme])
  const colors = useMemo(() => dots.topicIds.map((id) => toRgb(colorOf(id), background)), [dots, colorOf, background])

  const ratio = Math.min(mostPixelsPerPixel, window.devicePixelRatio)
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
  const picture = useMemo(() => (width > 0 && height > 0 ? new ImageData(width, height) : undefined), [width, height])

  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d', { alpha: false, willReadFrequently: true })
    if (!context || !picture) {
      return
    }
    const start = performance.now()
    const count = paintDots(picture.data, picture, dots, { ...view, scale: view.scale * ratio }, fitScale * ratio, {
      background,
      colors,
      strengths,
    })
    context.putImageData(picture, 0, 0)
    performance.measure('map drawn', { start, detail: count })
  }, [picture, dots, view, fitScale, ratio, background, colors, strengths])

  return <canvas ref={canvas} className={styles.canvas} width={width} height={height} role="img" aria-label={label} />
}

/** @param under what a translucent colour lies on */
function toRgb(color: string, under: Rgb): Rgb {
  const { values } = colorManipulator.decomposeColor(color)
  const [red = 0, green = 0, blue = 0, alpha = 1] = values
  const over = (value: number, background: number) => Math.round(value * alpha + background * (1 - alpha))
  return [over(red, under[0]), over(green, under[1]), over(blue, under[2])]
}

const getStyles = () => ({ canvas: css({ display: 'block', width: '100%', height: '100%' }) })
