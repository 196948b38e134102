/** How people look around: search, filter, drill down, compare, copy a link. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { load, open, param, settled, topicRows as rows } from './stage.ts'

/** The number of sessions that a list says it holds. */
async function sessionsShown(page: Page): Promise<number> {
  const title = page.locator('section h2', { hasText: /^[\d,]+ sessions?$/ })
  await title.waitFor()
  return Number((await title.textContent())!.replace(/\D/g, ''))
}

describe('Topics', () => {
  it('searches, orders and switches the level, all of it in the URL', async () => {
    const page = await open('topics')
    const label = (await rows(page).first().locator('a').first().textContent())!

    await page.getByPlaceholder('Search topics').fill(label)
    await expect.poll(() => param(page, 'search')).toBe(label)
    await settled(page)
    expect(await rows(page).first().textContent()).toContain(label)

    await page.getByRole('button', { name: 'Users', exact: true }).click()
    expect(param(page, 'sort')).toBe('-users')
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await page.getByRole('radio', { name: 'Themes' }).check({ force: true })
    await expect.poll(() => param(page, 'level')).toBe('theme')
  })

  it('filters by segments that are picked in the side panel, shows them as pills and takes them away', async () => {
    const page = await open('topics?from=now-30d&to=now') // no message leaves this range while the test runs
    const total = page.locator('dl dd').first()
    const before = await total.textContent()

    await page.getByRole('button', { name: 'Segments' }).click()
    await page.locator('aside fieldset label').first().click()
    expect(await total.textContent()).toBe(before)
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => total.textContent()).not.toBe(before)

    await page.getByRole('button', { name: /Remove filter/ }).click()
    await expect.poll(() => total.textContent()).toBe(before)
  })

  it('restores everything from a copied link', async () => {
    const first = await open('topics?level=subtopic&sort=-users&panel=segments&from=now-3d&to=now')
    await rows(first).first().waitFor()
    const shown = await rows(first).first().textContent()

    const second = await load(new URL(first.url()).pathname + new URL(first.url()).search)

    expect(await rows(second).first().textContent()).toBe(shown)
    expect(await second.locator('aside').isVisible()).toBe(true)
  })
})

describe('Journeys', () => {
  it.each(['Where sessions start', 'Where sessions end', 'Back and forth', 'Loops'])(
    'opens exactly the sessions behind a number of “%s”',
    async (title) => {
      const page = await open('journeys?from=now-30d&to=now')
      const link = page.locator(`section[aria-label="${title}"] li`).first().locator('a').last()
      const number = Number((await link.textContent())!.replace(/\D/g, ''))

      await link.click()

      expect(await sessionsShown(page)).toBe(number)
    },
  )

  it('opens exactly the sessions of a node of the flow, also of “Other”', async () => {
    const page = await open('journeys?from=now-30d&to=now')
    const node = page
      .locator('svg[role=group] a')
      .filter({ has: page.locator('text', { hasText: 'Other' }) })
      .first()
    const number = Number(/: ([\d,]+) sessions/.exec((await node.locator('title').textContent())!)![1]!.replace(',', ''))

    await node.click()

    expect(await sessionsShown(page)).toBe(number)
    await page.getByText('sessions at “Other”').waitFor()
  })

  it('opens exactly the sessions of a link and of an end of the flow', async () => {
    for (const mark of ['path', 'rect[fill^=url]']) {
      const page = await open('journeys?from=now-30d&to=now')
      const link = page
        .locator('svg[role=group] a')
        .filter({ has: page.locator(mark) })
        .first()
      const [number] = /[\d,]+(?= (of|sessions))/.exec((await link.locator('title').textContent())!.split(': ').at(-1)!)!

      await link.dispatchEvent('click')

      expect(await sessionsShown(page)).toBe(Number(number.replace(',', '')))
    }
  })

  it('leads from a follow-up, and from a cell of the matrix, to the sessions that go that way', async () => {
    for (const link of ['section[aria-label="What follows what"] li a[aria-label]', 'table[aria-label^="From topic"] td a']) {
      const page = await open('journeys?from=now-30d&to=now')

      await page.locator(link).first().click()

      await page.getByText(/^Sessions that go from “.+” to “.+”$/).waitFor()
      expect(await sessionsShown(page)).toBeGreaterThan(0)
    }
  })

  it('reaches a topic’s node with the keyboard', async () => {
    const page = await open('journeys?from=now-30d&to=now')

    await page.locator('svg[role=group] a[tabindex="-1"]').first().waitFor()
    await page.locator('svg[role=group] a:not([tabindex])').first().focus()
    await page.keyboard.press('Enter')

    await expect.poll(() => param(page, 'journey')).toBe('flow')
  })
})

describe('Topic', () => {
  it('shows what is said, when, by whom, before and after, how the topic came to be, and leads to its sessions', async () => {
    const page = await open('topics?from=now-30d&to=now')
    await rows(page).first().locator('td:nth-child(2) a').first().click()

    for (const part of ['Messages over time', 'Who stands out', 'Before and after', 'History', 'Messages']) {
      await page.locator(`section[aria-label="${part}"]`).waitFor()
    }
    await page.getByRole('link', { name: 'Sessions', exact: true }).last().click()
    await page.getByText(/^Sessions that visit “.+”$/).waitFor()
    expect(await sessionsShown(page)).toBeGreaterThan(0)
  })
})

describe('Compare', () => {
  it('sets a segment against everything, all of it in the URL, and leaves no trace of it', async () => {
    const page = await open('topics?from=now-30d&to=now')
    await page.getByRole('button', { name: 'Compare' }).click()
    const side = page.locator('section[aria-label="B"]')
    await side.getByText(/messages in/).waitFor()
    const before = await side.getByText(/messages in/).textContent()

    await side.getByRole('combobox').click()
    await page.getByRole('option').first().click()

    await expect.poll(() => side.getByText(/messages in/).textContent()).not.toBe(before)
    expect(new URL(page.url()).search).toContain('b.segment.')
    await page.getByText('95% interval').waitFor()
    await page.getByRole('button', { name: 'Stop comparing' }).click()
    await rows(page).first().waitFor()
    expect(new URL(page.url()).search).not.toContain('b.')
  })
})

describe('Sessions', () => {
  it('lists those of one user, and more of all on demand', async () => {
    const page = await open('sessions?from=now-30d&to=now')
    const list = page.locator('table[aria-label="Sessions"] tbody tr')
    const all = await sessionsShown(page)
    await page.getByRole('button', { name: /^Show more/ }).click()
    await expect.poll(() => list.count()).toBeGreaterThan(50)

    await page.getByRole('button', { name: 'Segments' }).click()
    const users = list.locator('td:first-child div > div')
    const user = (await users.first().textContent())!
    await page.getByRole('textbox', { name: 'User' }).fill(user)
    await page.getByRole('button', { name: 'Apply' }).click()

    await expect.poll(() => sessionsShown(page)).toBeLessThan(all)
    expect(new Set(await users.allTextContents())).toEqual(new Set([user]))
  })
})

describe('Session', () => {
  it('says why a message has its topic, and keeps filters on the way back', async () => {
    const page = await open('sessions?sort=turns&from=now-14d&to=now')
    await page.locator('table[aria-label="Sessions"] tbody a').first().click()
    await page.locator('ol[aria-label="Conversation"] li').first().waitFor()

    await page.getByRole('button', { name: 'Why this topic?' }).first().click()
    await page.getByText('Similar to the topic’s messages').waitFor()
    expect(param(page, 'from')).toBe('now-14d')
  })
})
