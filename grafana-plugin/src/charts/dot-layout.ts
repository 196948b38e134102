/** Spreads dots evenly over a circle, the way a sunflower sets its seeds. */
const goldenAngle = Math.PI * (3 - Math.sqrt(5))
/** Share of its room that a dot fills, so that neighbours stay apart. */
const fill = 0.62
const maxSize = 5 // px: a topic of three messages is three dots, not three blots

/**
 * @param count dots to place
 * @param circle where: centre and radius, px
 * @returns positions x0, y0, x1, y1 … shape (2 · count), px; size of a dot, px
 */
export function layOutDots(
  count: number,
  { x, y, radius }: { readonly x: number; readonly y: number; readonly radius: number },
): { positions: Float32Array; size: number } {
  const positions = new Float32Array(2 * count)
  const size = Math.min(maxSize, (fill * radius * Math.sqrt(Math.PI)) / Math.sqrt(Math.max(count, 1)))
  const reach = Math.max(0, radius - size)
  for (let i = 0; i < count; i++) {
    const distance = reach * Math.sqrt((i + 0.5) / count)
    positions[2 * i] = x + distance * Math.cos(i * goldenAngle)
    positions[2 * i + 1] = y + distance * Math.sin(i * goldenAngle)
  }
  return { positions, size }
}
