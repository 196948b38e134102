/** The map in the browser: found, zoomed, pointed at, clicked; and how smooth it is with as many dots as it ever draws. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { MapAnswer } from '../../src/api/types.ts'
import { addressOf, askFixture, open, param, settled } from './stage.ts'

const map = (page: Page) => page.getByRole('application')
const rows = (page: Page) => page.locator('ul[aria-label="Topics on the map"] li')
const names = (page: Page) => map(page).locator('span')

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const middle = ({ x, y, width, height }: Box) => [x + width / 2, y + height / 2] as const

/** Opens the map with another answer than the fixture's. */
async function openWith(change: (answer: MapAnswer) => MapAnswer): Promise<Page> {
  askFixture()
  const page = await open('setup')
  await page.route('**/api/map?*', async (route) => route.fulfill({ json: change(await (await route.fetch()).json()) }))
  await page.goto(addressOf('map'))
  await settled(page)
  return page
}

describe('the map', () => {
  it('names the biggest topics, lists all with their sizes, and finds one by name', async () => {
    const page = await open('map')
    await names(page).first().waitFor()
    const label = (await rows(page).first().locator('a').textContent())!
    const all = await rows(page).count()

    await page.getByPlaceholder('Find a topic').fill(label)

    await expect.poll(() => param(page, 'search')).toBe(label)
    await expect.poll(() => rows(page).count()).toBeLessThan(all)
    expect(await rows(page).first().textContent()).toMatch(/\d$/)
  })

  it('moves and zooms by wheel, buttons and keys, and the link shows the same part', async () => {
    const page = await open('map')
    const name = names(page).first()
    await name.waitFor()
    const before = middle((await name.boundingBox())!)

    await page.mouse.move(before[0] + 60, before[1] + 40)
    await page.mouse.wheel(0, -300)
    await expect.poll(() => param(page, 'view')).not.toBeNull()
    const zoomed = param(page, 'view')
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(() => param(page, 'view')).not.toBe(zoomed)
    const nearer = param(page, 'view')
    await map(page).press('ArrowLeft')
    await map(page).press('-')
    await expect.poll(() => param(page, 'view')).not.toBe(nearer)
    const link = page.url()
    const shown = await names(page).allTextContents()

    await page.goto(link)
    await names(page).first().waitFor()
    await settled(page)
    expect(await names(page).allTextContents()).toEqual(shown)
    await page.getByRole('button', { name: 'Show everything' }).click()
    await expect.poll(() => param(page, 'view')).toBeNull()
  })

  it('says what was said where the pointer is, as text, and opens the topic on a click', async () => {
    const hostile = '<img src=x onerror="window.hacked=1">'
    const page = await openWith(({ points, topics: [topic], ...rest }) => {
      const point = points.find(({ topic_id }) => topic_id === topic!.topic_id)!
      return {
        ...rest,
        points: [{ ...point, messages: 7, example: hostile }],
        topics: [{ ...topic!, x: point.x, y: point.y + 0.6 }],
      }
    })
    const [x, y] = middle((await map(page).boundingBox())!)

    await page.mouse.move(x, y)
    await page.getByText(hostile).waitFor()
    await page.getByText('7 messages like this').waitFor()
    expect(await page.evaluate('window.hacked')).toBeUndefined()
    await page.mouse.click(x, y)

    await page.waitForURL(/\/topics\/[0-9a-f]{16}/)
  })

  it('says that it appears after the first topics', async () => {
    const page = await openWith(({ total }) => ({
      points: [],
      topics: [],
      other: { points: 0, messages: total.messages },
      total,
      drawn_at: null,
    }))

    await page.getByText('The map appears after the first topics').waitFor()
  })

  it('stays smooth with a hundred thousand dots', async () => {
    const page = await openWith(withMany)
    await names(page).first().waitFor()

    const box = (await map(page).boundingBox())!
    const readBusyMs = await watchBusyMs(page)
    const before = await readBusyMs()
    const { frames, paints, dots } = await page.evaluate(drag, box)
    const busyPerFrame = ((await readBusyMs()) - before) / frames.length

    const sorted = frames.sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1)
    console.log(
      `map: ${dots} dots; while dragged a frame costs ${busyPerFrame.toFixed(1)} ms of the page's processor time (a screen's own: 16.7), and comes every ${at(0.5)} ms (median), ${at(0.95)} ms (95 %), of ${sorted.length} frames; painting takes ${(paints.reduce((sum, ms) => sum + ms, 0) / paints.length).toFixed(1)} ms`,
    )
    expect(dots).toBeGreaterThan(95_000)
  })
})

/** @returns reads the processor time that the page's main thread has used, ms: true also on a machine that is busy with other things */
async function watchBusyMs(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
  }
}

const landmarks = 8000
const messages = 100_000

/** As many points and messages as a map can have. */
function withMany({ points, topics, other, total, drawn_at }: MapAnswer): MapAnswer {
  const some = Array.from({ length: landmarks }, (_, i) => {
    const point = points[i % points.length]!
    const turn = Math.floor(i / points.length)
    return {
      ...point,
      x: point.x + 0.1 * Math.cos(i) * turn,
      y: point.y + 0.1 * Math.sin(i) * turn,
      messages: Math.floor(messages / landmarks) + (i % 2),
    }
  })
  return { points: some, topics, other, total: { ...total, messages }, drawn_at }
}

/** Runs in the page: drags the map for two seconds, a step a frame. @returns ms per frame, ms per painting, dots in the picture */
async function drag({ x, y, width, height }: Box): Promise<{ frames: number[]; paints: number[]; dots: number }> {
  const element = document.querySelector('[role=application]')!
  element.setPointerCapture = () => undefined // of a pointer that is not there
  const send = (type: string, dx: number) =>
    element.dispatchEvent(
      new PointerEvent(type, { bubbles: true, clientX: x + width / 2 + dx, clientY: y + height / 2, pointerId: 1, button: 0 }),
    )
  const painted = () => performance.getEntriesByName('map drawn') as PerformanceMeasure[]
  const before = painted().length
  const frames: number[] = []
  send('pointerdown', 0)
  let last = await new Promise(requestAnimationFrame)
  const end = last + 2000
  for (let step = 1; last < end; step++) {
    send('pointermove', 40 * Math.sin(step / 8))
    const now = await new Promise<number>(requestAnimationFrame)
    frames.push(now - last)
    last = now
  }
  send('pointerup', 0)
  const drawn = painted().slice(before)
  return { frames, paints: drawn.map(({ duration }) => duration), dots: Number(drawn.at(-1)?.detail) }
}
