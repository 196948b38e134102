import { describe, expect, it } from 'vitest'
import { cloudRadius, mostDots, toDots, type MapPoint } from '../../src/charts/map/dots.ts'
import { labelAt, placeLabels, type MapTopic } from '../../src/charts/map/labels.ts'
import { dotRadius, paintDots } from '../../src/charts/map/paint.ts'
import { fitView, pan, readView, toPixel, writeView, zoom } from '../../src/charts/map/view.ts'

const size = { width: 400, height: 200 }
const point = (x: number, y: number, topicId: string, messages: number): MapPoint => ({ x, y, topicId, messages, example: undefined })
const topic = (id: string, x: number, y: number): MapTopic => ({ id, label: `topic ${id}`, color: 'red', x, y, messages: 1 })

describe('the view of the map', () => {
  const whole = fitView(
    [
      { x: -10, y: 0 },
      { x: 10, y: 2 },
    ],
    size,
  )

  it('shows all places, with a margin', () => {
    expect(toPixel({ x: -10, y: 1 }, whole, size)).toEqual({ x: 40, y: 100 })
    expect(toPixel({ x: 10, y: 1 }, whole, size)).toEqual({ x: 360, y: 100 })
  })

  it('is a view also of nothing and of a single place', () => {
    for (const places of [[], [{ x: 3, y: 3 }]]) {
      expect(Object.values(fitView(places, size)).every(Number.isFinite)).toBe(true)
    }
  })

  it('keeps what is under the pointer there while zooming, within bounds', () => {
    const at = { x: 100, y: 50 }
    const place = { x: whole.x + (at.x - 200) / whole.scale, y: whole.y + (at.y - 100) / whole.scale }

    const nearer = zoom(whole, 4, whole, size, at)

    expect(toPixel(place, nearer, size).x).toBeCloseTo(100)
    expect(toPixel(place, nearer, size).y).toBeCloseTo(50)
    expect(zoom(whole, 1e9, whole, size).scale).toBe(80 * whole.scale)
    expect(zoom(whole, 1e-9, whole, size).scale).toBe(0.6 * whole.scale)
  })

  it('moves with the hand that drags it', () => {
    const before = toPixel({ x: 0, y: 0 }, whole, size)
    const after = toPixel({ x: 0, y: 0 }, pan(whole, { x: 30, y: -5 }), size)

    expect(after.x - before.x).toBeCloseTo(30)
    expect(after.y - before.y).toBeCloseTo(-5)
  })

  it('stands in the URL, and what is no view there is none', () => {
    const view = zoom(pan(whole, { x: 17, y: 4 }), 3, whole, size)

    const read = readView(writeView(view, whole), whole)!

    expect(read.x).toBeCloseTo(view.x, 2)
    expect(read.scale).toBeCloseTo(view.scale, 1)
    for (const text of [null, '', 'x', '1_2', '1_2_0', 'NaN_1_1']) {
      expect(readView(text, whole)).toBeUndefined()
    }
  })
})

describe('the dots of the map', () => {
  it('are one per message, around their points, the same every time', () => {
    const points = [point(0, 0, 'a', 5), point(10, 0, 'b', 1)]

    const dots = toDots(points, 100)

    expect(dots.topics).toHaveLength(6)
    expect(dots.messagesPerDot).toBe(1)
    expect(toDots(points, 100)).toEqual(dots)
    dots.topics.forEach((index, i) => {
      const centre = dots.topicIds[index] === 'a' ? 0 : 10
      const distance = Math.hypot(dots.places[2 * i]! - centre, dots.places[2 * i + 1]!)
      expect(distance).toBeLessThanOrEqual(cloudRadius(5, dots.spacing))
    })
  })

  it('are a hundred thousand at most, and say for how many messages each stands', () => {
    const dots = toDots([point(0, 0, 'a', 600_000), point(1, 1, 'b', 399_000), point(2, 2, 'c', 1000)], 100)

    expect(dots.messagesPerDot).toBe(10)
    expect(dots.topics.length).toBe(mostDots)
    expect(dots.topics.filter((index) => dots.topicIds[index] === 'c')).toHaveLength(100)
  })
})

describe('painting', () => {
  const dots = toDots([point(0, 0, 'a', 1), point(1, 0, 'b', 1), point(99, 0, 'c', 1)], 1)
  const view = { x: 0, y: 0, scale: 10 }
  const picture = { width: 40, height: 20 }
  const pixelAt = (pixels: Uint8ClampedArray, x: number, y: number) => Array.from(pixels.subarray(4 * (y * 40 + x), 4 * (y * 40 + x) + 4))

  it('puts colour where dots are, background elsewhere, and counts what is inside', () => {
    const pixels = new Uint8ClampedArray(4 * 40 * 20)

    const painted = paintDots(pixels, picture, dots, view, 10, {
      background: [2, 4, 6],
      colors: dots.topicIds.map((id) => (id === 'a' ? [200, 0, 0] : [0, 200, 0])),
      strengths: dots.topicIds.map((id) => (id === 'b' ? 0.5 : 1)),
    })

    expect(painted).toBe(2)
    expect(pixelAt(pixels, 20, 10)).toEqual([200, 0, 0, 255])
    expect(pixelAt(pixels, 30, 10)).toEqual([1, 102, 3, 255])
    expect(pixelAt(pixels, 0, 0)).toEqual([2, 4, 6, 255])
  })

  it('draws dots larger as the map comes nearer, within bounds', () => {
    expect(dotRadius(1, 2, 1)).toBeGreaterThan(dotRadius(1, 1, 1))
    expect(dotRadius(1e-9, 1, 1)).toBe(0.5)
    expect(dotRadius(1e9, 1, 1)).toBe(9)
  })
})

describe('names on the map', () => {
  const view = { x: 0, y: 0, scale: 1 }
  const widthOf = (text: string) => 7 * text.length

  it('are those of the biggest topics that fit side by side', () => {
    const labels = placeLabels([topic('1', 0, 0), topic('2', 5, 5), topic('3', 0, 60), topic('4', 9999, 0)], view, size, widthOf)

    expect(labels.map(({ text }) => text)).toEqual(['topic 1', 'topic 3'])
    expect(labelAt(labels, { x: 200, y: 103 })?.topic.id).toBe('1')
    expect(labelAt(labels, { x: 10, y: 10 })).toBeUndefined()
  })

  it('are cut where they are long', () => {
    const long = { ...topic('1', 0, 0), label: 'x'.repeat(200) }

    expect(placeLabels([long], view, size, widthOf)[0]?.text).toBe(`${'x'.repeat(29)}…`)
  })
})
