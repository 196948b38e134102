/** Paints dots into pixels: a hundred thousand in a few milliseconds, where a canvas' own shapes would take ten times as long. */
import type { Dots } from './dots.ts'
import type { Size, View } from './view.ts'

/** A colour as red, green, blue, 0…255. */
export type Rgb = readonly [number, number, number]

export interface Paint {
  readonly background: Rgb
  /** By index of the topic. */
  readonly colors: readonly Rgb[]
  /** 0…1 by index of the topic; faint topics are painted first. */
  readonly strengths: readonly number[]
}

const full = 256 // of what covers a pixel
const smallest = 0.5 // px: radius of a dot, then a single pixel
const largest = 9
const sizeOfSpacing = 0.55 // a dot's radius as a share of the distance to its neighbour, where the whole map is seen
const growth = 0.6 // dots grow slower than the map is zoomed, so that crowds come apart

/**
 * @param pixels of a picture of `size`, four bytes each
 * @param view for pixels of this picture
 * @param fitScale scale at which the whole map is seen
 * @returns number of dots inside the picture
 */
export function paintDots(
  pixels: Uint8ClampedArray,
  size: Size,
  dots: Dots,
  view: View,
  fitScale: number,
  { background, colors, strengths }: Paint,
): number {
  const packed = new Uint32Array(pixels.buffer)
  packed.fill(pack(background))
  const radius = dotRadius(dots.spacing, view.scale, fitScale)
  const packedColors = Uint32Array.from(colors, pack)
  const byStrength = [...new Set(strengths)].sort((a, b) => a - b)
  return byStrength.reduce((sum, strength) => {
    const isPainted = Uint8Array.from(strengths, (own) => (own === strength ? 1 : 0))
    return sum + paintLayer(packed, size, dots, view, { stamp: toStamp(radius, strength), colors: packedColors, isPainted })
  }, 0)
}

/** @returns px */
export function dotRadius(spacing: number, scale: number, fitScale: number): number {
  return Math.min(largest, Math.max(smallest, sizeOfSpacing * spacing * fitScale * (scale / fitScale) ** growth))
}

/** As the pixels of a canvas lie in memory. */
function pack([red, green, blue]: Rgb): number {
  return ((0xff << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** The pixels of a dot, from its middle. */
interface Stamp {
  readonly columns: Int8Array
  readonly rows: Int8Array
  /** How much of each is covered, 1…256. */
  readonly cover: Uint16Array
  /** Pixels from the middle to the rim. */
  readonly reach: number
}

function toStamp(radius: number, strength: number): Stamp {
  const reach = Math.ceil(radius)
  const side = 2 * reach + 1
  const pixels = Array.from({ length: side * side }, (_, i) => {
    const [column, row] = [(i % side) - reach, Math.floor(i / side) - reach]
    const share = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(column, row)))
    return { column, row, cover: Math.round(full * strength * share) }
  }).filter(({ cover }) => cover > 0)
  return {
    columns: Int8Array.from(pixels, ({ column }) => column),
    rows: Int8Array.from(pixels, ({ row }) => row),
    cover: Uint16Array.from(pixels, ({ cover }) => cover),
    reach,
  }
}

interface Layer {
  readonly stamp: Stamp
  /** Packed, by index of the topic. */
  readonly colors: Uint32Array
  /** By index of the topic. */
  readonly isPainted: Uint8Array
}

function paintLayer(pixels: Uint32Array, { width, height }: Size, dots: Dots, view: View, { stamp, colors, isPainted }: Layer): number {
  const { places, topics } = dots
  const { columns, rows, cover, reach } = stamp
  const left = width / 2 - view.x * view.scale
  const top = height / 2 - view.y * view.scale
  let painted = 0
  for (let dot = 0; dot < topics.length; dot++) {
    const topic = topics[dot]!
    const x = Math.floor(places[2 * dot]! * view.scale + left)
    const y = Math.floor(places[2 * dot + 1]! * view.scale + top)
    if (isPainted[topic] === 0 || x < -reach || y < -reach || x >= width + reach || y >= height + reach) {
      continue
    }
    painted++
    const color = colors[topic]!
    const redBlue = color & 0xff00ff
    const green = color & 0xff00
    for (let i = 0; i < cover.length; i++) {
      const column = x + columns[i]!
      const row = y + rows[i]!
      if (column < 0 || row < 0 || column >= width || row >= height) {
        continue
      }
      // Red and blue are blended in one multiplication: they lie far enough apart.
      const at = row * width + column
      const pixel = pixels[at]!
      const over = cover[i]!
      const under = full - over
      const mixedRedBlue = (((pixel & 0xff00ff) * under + redBlue * over) >>> 8) & 0xff00ff
      const mixedGreen = (((pixel & 0xff00) * under + green * over) >>> 8) & 0xff00
      pixels[at] = 0xff000000 | mixedRedBlue | mixedGreen
    }
  }
  return painted
}
