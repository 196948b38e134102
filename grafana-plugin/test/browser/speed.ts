/** How fast the pages are in the browser, with more data than most people have. Figures are printed beside what is wanted. */
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { addressOf, askFixture, go, load, open } from './stage.ts'

const firstRow = 'table[aria-label="All topics"] tbody tr'

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
    expect(times.every((time) => time > 0)).toBe(true)
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

    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      times.push(await timeOf(page, `svg[role=group] g > g:nth-of-type(${i + 2})`, 'mouseover'))
    }

    console.log(
      `flow of ${await page.locator('svg[role=group] path').count()} links: redrawn in ${times.map((ms) => ms.toFixed(1)).join(', ')} ms (wanted: 50)`,
    )
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
