/** How fast the pages are in the browser, with more data than most people have. Figures are printed beside what is wanted. */
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { addressOf, askFixture, go, load, open } from './stage.ts'

const firstRow = 'table[aria-label="All topics"] tbody tr'
const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1]!

// Of the stand-in: a real collector's own speed is measured elsewhere.
describe('speed', () => {
  beforeEach(askFixture)

  it('shows topics after the plugin is loaded', async () => {
    const times: number[] = []
    for (let run = 0; run < 4; run++) {
      const page = await load('setup')
      await page.addInitScript(markFirst, firstRow)
      await page.goto(addressOf('topics'))
      await page.locator(firstRow).first().waitFor()
      times.push(await page.evaluate(() => performance.measure('visible', 'plugin loaded', 'first row').duration))
    }

    console.log(`topics: visible ${times.map((time) => time.toFixed(0)).join(', ')} ms after the plugin was loaded (wanted: 1500)`)
    expect(median(times)).toBeLessThan(1500)
  })

  it.each([1000, 5000])('keeps %i topics smooth: pages of fifty', async (count) => {
    const page = await open('setup')
    await page.route('**/api/topics?*', async (route) => {
      const answer = await (await route.fetch()).json()
      const topics = Array.from({ length: count }, (_, i) => ({
        ...answer.topics[i % answer.topics.length],
        id: `a${i.toString(16).padStart(15, '0')}`,
        label: `Topic number ${i}`,
        events: count - i,
      }))
      await route.fulfill({ json: { ...answer, topics } })
    })
    await page.goto(addressOf('topics'))
    await page.locator(firstRow).first().waitFor()

    const times: number[] = []
    for (const column of ['Sessions', 'Errors', 'Drop-off', 'Users']) {
      times.push(await timeOf(page, `th button[title="Order by ${column}"]`, 'click'))
    }

    console.log(`${count} topics: ordered by another column in ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`)
    expect(await page.locator('th[aria-sort=descending]').textContent()).toContain('Users')
    expect(await page.locator(firstRow).count()).toBe(50)
  })

  it('redraws a flow of 200 links', async () => {
    const page = await open('setup')
    await page.route('**/api/journeys?*', async (route) => {
      const answer = await (await route.fetch()).json()
      await route.fulfill({ json: { ...answer, flow: wideFlow(answer.flow) } })
    })
    await go(page, 'journeys')
    await page.locator('svg[role=group] path').nth(1).waitFor()

    for (const [what, times] of Object.entries(await page.evaluate(timeRedraws))) {
      console.log(
        `flow of 200 links: ${what}: redrawn in ${median(times).toFixed(1)} ms (median), ${Math.max(...times).toFixed(1)} ms (most) of ${times.length} times (wanted: 50)`,
      )
      expect(times.length).toBeGreaterThanOrEqual(20)
      expect(median(times)).toBeLessThan(50)
    }
    expect(await page.locator('svg[role=group] path').count()).toBe(200)
  })
})

/** Runs in the page from its start: marks the moment at which `selector` first matches. */
function markFirst(selector: string): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector(selector)) {
      performance.mark('first row')
      observer.disconnect()
    }
  })
  observer.observe(document, { childList: true, subtree: true })
}

/** From an input event to the laid-out page that answers it, ms. */
function timeOf(page: Page, selector: string, event: 'click' | 'mouseover'): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate(async (element, type) => {
      const start = performance.now()
      element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }))
      // React answers in a task of its own, before this message arrives.
      await new Promise((done) => setTimeout(done))
      document.body.getBoundingClientRect()
      return performance.now() - start
    }, event)
}

/**
 * Runs in the page: changes the flow again and again, without a pause, so that what a change leaves behind counts for the next one.
 * @returns ms from each change until the new drawing is in the page, what was waiting has run, and everything is laid out
 */
async function timeRedraws(): Promise<Record<string, number[]>> {
  const drawing = document.querySelector<SVGElement>('svg[role=group]')!
  const box = drawing.parentElement!
  const time = async (change: () => void): Promise<number> => {
    const redrawn = new Promise<void>((done) => {
      const observer = new MutationObserver(() => {
        observer.disconnect()
        done()
      })
      observer.observe(drawing, { subtree: true, childList: true, attributes: true })
    })
    const start = performance.now()
    change()
    await redrawn
    await new Promise((done) => setTimeout(done))
    document.body.getBoundingClientRect()
    return performance.now() - start
  }

  const pointed: number[] = []
  for (const node of drawing.querySelectorAll('g > g > a:not([tabindex])')) {
    pointed.push(await time(() => node.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))))
  }
  const resized: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    await new Promise(requestAnimationFrame) // sizes are told once a frame
    resized.push(await time(() => (box.style.width = `${800 + (turn % 2) * 200}px`)))
  }
  return { 'another node is pointed at': pointed, 'another size': resized }
}

interface WideFlow {
  readonly steps: { step: number; nodes: { topic_id: string | null }[] }[]
}

/** Two steps of ten topics, every one linked to every other: 100 links, twice. */
function wideFlow({ steps }: WideFlow): unknown {
  const ids = steps.flatMap(({ nodes }) => nodes.flatMap(({ topic_id }) => topic_id ?? []))
  const ten = [...new Set(ids)].slice(0, 10)
  return {
    steps: [1, 2, 3].map((step) => ({
      step,
      nodes: ten.map((topic_id) => ({ topic_id, sessions: 100, drop_offs: step === 3 ? 100 : 0, active: 0 })),
    })),
    links: [1, 2].flatMap((step) => ten.flatMap((from) => ten.map((to) => ({ step, from, to, sessions: 10 })))),
  }
}
