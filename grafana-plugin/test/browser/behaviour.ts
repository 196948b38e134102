/** What people do on the pages: filter, drill down, edit, undo, copy a link. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { param, realCollector, settled, useStage } from './stage.ts'

const stage = useStage()
const rows = (page: Page) => page.locator('table[aria-label="All topics"] tbody tr')
const isFixture = realCollector === undefined

/** The number of sessions that a list says it holds. */
async function sessionsShown(page: Page): Promise<number> {
  const title = page.locator('section h2', { hasText: /^[\d,]+ sessions$/ })
  await title.waitFor()
  return Number((await title.textContent())!.replace(/\D/g, ''))
}

describe('Topics', () => {
  it('searches, orders and switches the level, all of it in the URL', async () => {
    const page = await stage.open('topics')
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
    await page.close()
  })

  it('filters by segments that are picked in the side panel, shows them as pills and takes them away', async () => {
    const page = await stage.open('topics?from=now-30d&to=now') // no message leaves this range while the test runs
    const total = page.locator('dl dd').first()
    const before = await total.textContent()

    await page.getByRole('button', { name: 'Segments' }).click()
    await page.locator('aside fieldset label').first().click()
    expect(await total.textContent()).toBe(before)
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => total.textContent()).not.toBe(before)

    await page.getByRole('button', { name: /Remove filter/ }).click()
    await expect.poll(() => total.textContent()).toBe(before)
    await page.close()
  })

  it('restores everything from a copied link', async () => {
    const first = await stage.open('topics?level=subtopic&sort=-users&panel=segments&from=now-3d&to=now')
    await rows(first).first().waitFor()
    const shown = await rows(first).first().textContent()

    const second = await stage.open(first.url().replace(stage.host.url, ''))

    expect(await rows(second).first().textContent()).toBe(shown)
    expect(await second.locator('aside').isVisible()).toBe(true)
    await first.close()
    await second.close()
  })
})

describe('Journeys', () => {
  it.each(['Where sessions start', 'Where sessions end', 'Back and forth', 'Loops'])(
    'opens exactly the sessions behind a number of “%s”',
    async (title) => {
      const page = await stage.open('journeys?from=now-30d&to=now')
      const link = page.locator(`section[aria-label="${title}"] li`).first().locator('a').last()
      const number = Number((await link.textContent())!.replace(/\D/g, ''))

      await link.click()

      expect(await sessionsShown(page)).toBe(number)
      await page.close()
    },
  )

  it('opens exactly the sessions of a node of the flow, also of “Other”', async () => {
    const page = await stage.open('journeys?from=now-30d&to=now')
    const node = page
      .locator('svg[role=group] a')
      .filter({ has: page.locator('text', { hasText: 'Other' }) })
      .first()
    const number = Number(/: ([\d,]+) sessions/.exec((await node.locator('title').textContent())!)![1]!.replace(',', ''))

    await node.click()

    expect(await sessionsShown(page)).toBe(number)
    await page.getByText('sessions at “Other”').waitFor()
    await page.close()
  })

  it('reaches a topic’s node with the keyboard', async () => {
    const page = await stage.open('journeys?from=now-30d&to=now')

    await page.locator('svg[role=group] a[tabindex="-1"]').first().waitFor()
    await page.locator('svg[role=group] a:not([tabindex])').first().focus()
    await page.keyboard.press('Enter')

    await expect.poll(() => param(page, 'journey')).toBe('flow')
    await page.close()
  })
})

describe('Session', () => {
  it('says why a message has its topic, and keeps filters on the way back', async () => {
    const page = await stage.open('sessions?sort=turns&from=now-14d&to=now')
    await page.locator('table[aria-label="Sessions"] tbody a').first().click()
    await page.locator('ol[aria-label="Conversation"] li').first().waitFor()

    await page.getByRole('button', { name: 'Why this topic?' }).first().click()
    await page.getByText('Similar to the topic’s messages').waitFor()
    expect(param(page, 'from')).toBe('now-14d')
    await page.close()
  })
})

// After the tests that count: a running collector takes some seconds until an edit, and its undo, have reached every number.
describe('edits', () => {
  it('renames in place with the keyboard and takes it back', async () => {
    const page = await stage.open('topics')
    const old = (await rows(page).first().locator('a').first().textContent())!

    await page.getByRole('button', { name: `Edit topic ${old}` }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByLabel(`New name of ${old}`).fill('A <b>new</b> name 🐙')
    await page.keyboard.press('Enter')

    await page.getByText('is now called').waitFor()
    await rows(page).getByText('A <b>new</b> name 🐙').first().waitFor()
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByText('Taken back').waitFor()
    if (isFixture) {
      // A running collector gives the topic its own words again with the next clustering run.
      await rows(page).getByText(old, { exact: true }).first().waitFor()
    }
    await page.close()
  })

  it('hides a topic, and merges two into the larger one', async () => {
    const page = await stage.open('topics')
    const labels = await rows(page).locator('td:nth-child(2) a').allTextContents()
    const [first, second, third] = labels

    await page.getByRole('button', { name: `Edit topic ${third}` }).click()
    await page.getByRole('menuitem', { name: 'Hide' }).click()
    await page.getByText(`“${third}” is hidden`).waitFor()
    await expect.poll(() => rows(page).getByText(third!, { exact: true }).count(), { timeout: 15_000 }).toBe(0)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await rows(page).getByText(third!, { exact: true }).first().waitFor()

    for (const label of [first, second]) {
      await page.getByLabel(`Select ${label}`).check({ force: true })
    }
    await page.getByRole('button', { name: `Merge into “${first}”` }).click()
    await expect.poll(() => rows(page).getByText(second!, { exact: true }).count(), { timeout: 15_000 }).toBe(0)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await rows(page).getByText(second!, { exact: true }).first().waitFor()
    await page.close()
  })
})

describe('Keys', () => {
  it('shows a new key once, and revokes it', async () => {
    const page = await stage.open('keys')
    await expect.poll(() => page.locator('#key-project').inputValue()).not.toBe('')
    await page.locator('#key-name').fill('web app')
    await page.getByRole('button', { name: 'Create key' }).click()

    await page.getByText('Copy the key now').waitFor()
    const secret = (await page.locator('main code').first().textContent())!
    expect(secret.length).toBeGreaterThan(20)
    await page.reload()
    await page.getByText('web app').waitFor()
    expect(await page.getByText(secret).count()).toBe(0)

    await page.getByRole('button', { name: 'Revoke' }).first().click()
    await page.getByRole('button', { name: 'Revoke' }).last().click()
    await page.getByText('Revoked').waitFor()
    await page.close()
  })
})

describe.runIf(isFixture)('the first minutes', () => {
  it('shows an empty project how to send an event, and reacts when one arrives', async () => {
    const { events } = stage.fixture.state
    stage.fixture.state.events = []
    const page = await stage.open('topics')
    await page.getByText('Send your first event').waitFor()
    await page.getByText('Waiting for the first event').waitFor()
    expect(await page.locator('pre').textContent()).toContain(stage.fixture.url)

    stage.fixture.state.events = events

    await page.getByText('Events arrive').waitFor()
    await page.getByRole('link', { name: 'See topics' }).click()
    await rows(page).first().waitFor()
    await page.close()
  })

  it('says that a time range has nothing in it', async () => {
    const page = await stage.open('topics?from=1000000000000&to=1000000100000')

    await page.getByText('Nothing in this time range matches').waitFor()
    await page.close()
  })

  it('saves the configuration, tests it and tells what it found', async () => {
    const page = await stage.open('/plugins/turret-topics-app?page=configuration', { faulty: true })
    const url = page.locator('#api-url')
    const save = page.getByRole('button', { name: 'Save and test connection' })

    await url.fill('collector:4318')
    await page.getByText('Expected a URL such as').waitFor()
    expect(await save.isDisabled()).toBe(true)
    await url.fill('http://127.0.0.1:9/')
    await save.click()
    await page.getByText('The collector does not answer').waitFor()
    await url.fill(stage.fixture.url)
    await save.click()

    await page.getByText('Connected to collector 0.1.0, project demo').waitFor()
    await page.close()
  })
})
