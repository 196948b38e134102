/** What people change: names of topics, which are one and which are hidden, keys. Edits are undone. */
import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { go, host, open, realCollector, topicRows as rows } from './stage.ts'

// After the tests that count: a running collector takes some seconds until an edit, and its undo, have reached every number.
describe('edits', () => {
  it('renames in place with the keyboard and takes it back', async () => {
    const page = await open('topics')
    const old = (await rows(page).first().locator('a').first().textContent())!

    await page.getByRole('button', { name: `Edit topic ${old}` }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByLabel(`New name of ${old}`).fill('A <b>new</b> name 🐙')
    await page.keyboard.press('Enter')

    await page.getByText('is now called').waitFor()
    await rows(page).getByText('A <b>new</b> name 🐙').first().waitFor()
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByText('Taken back').waitFor()
    if (realCollector === undefined) {
      // A running collector gives the topic its own words again with the next clustering run.
      await rows(page).getByText(old, { exact: true }).first().waitFor()
    }
  })

  it('hides a topic, and merges two into the larger one', async () => {
    const page = await open('topics')
    const [first, second, third] = await rows(page).locator('td:nth-child(2) a').all()
    const [keptLabel, mergedLabel, hiddenLabel] = await Promise.all([first!, second!, third!].map((link) => link.textContent()))
    // By its address: what is merged may take over the words of a topic that went into it.
    const inTable = async (link: Locator) => {
      const path = new URL((await link.getAttribute('href'))!, page.url()).pathname
      return rows(page).locator(`a[href^="${path}"]`)
    }
    const [merged, hidden] = await Promise.all([inTable(second!), inTable(third!)])

    await page.getByRole('button', { name: `Edit topic ${hiddenLabel}` }).click()
    await page.getByRole('menuitem', { name: 'Hide' }).click()
    await page.getByText(`“${hiddenLabel}” is hidden`).waitFor()
    await expect.poll(() => hidden.count()).toBe(0)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await hidden.waitFor()

    for (const label of [keptLabel, mergedLabel]) {
      await page.getByLabel(`Select ${label}`).check({ force: true })
    }
    await page.getByRole('button', { name: `Merge into “${keptLabel}”` }).click()
    await page.getByText('One topic is now part of').waitFor()
    await expect.poll(() => merged.count()).toBe(0)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await merged.waitFor()
  })
})

describe('Keys', () => {
  it('shows a new key once, then its use and its quota, and revokes it', async () => {
    const page = await open('keys')
    await expect.poll(() => page.locator('#key-project').inputValue()).not.toBe('')
    await page.locator('#key-name').fill('web app')
    await page.locator('#key-quota').fill('5000')
    await page.getByRole('button', { name: 'Create key' }).click()

    await page.getByText('Copy the key now').waitFor()
    const secret = (await page.locator('main code').first().textContent())!
    expect(secret.length).toBeGreaterThan(20)
    await page.reload()
    await page.locator('tr', { hasText: 'web app' }).getByText('0 of 5,000').waitFor()
    expect(await page.getByText(secret).count()).toBe(0)

    await page.getByRole('button', { name: 'Revoke' }).first().click()
    await page.getByRole('button', { name: 'Revoke' }).last().click()
    await page.getByText('Revoked').waitFor()
  })

  it('makes a key that reads but hides what few users share, and says what is wrong with a number', async () => {
    const page = await open('keys')
    await expect.poll(() => page.locator('#key-project').inputValue()).not.toBe('')
    const crowd = page.getByLabel('Hide topics and paths of fewer users than')
    const create = page.getByRole('button', { name: 'Create key' })
    expect(await crowd.isDisabled()).toBe(true)
    await page.getByText('Only for a key that may read and nothing else').waitFor()

    await page.getByRole('checkbox', { name: 'send events' }).uncheck({ force: true })
    await page.getByRole('checkbox', { name: 'read', exact: true }).check({ force: true })
    for (const wrong of ['1', '101', '2.5', 'five']) {
      await crowd.fill(wrong)
      await page.getByText('A whole number from 2 to 100').waitFor()
      expect(await create.isDisabled()).toBe(true)
    }
    await crowd.fill('30')
    await page.locator('#key-name').fill('product team')
    await create.click()

    await page.getByText('Copy the key now').waitFor()
    await page.locator('tr', { hasText: 'product team' }).getByText('read what at least 30 users share').waitFor()
    expect(await page.locator('#key-name').inputValue()).toBe('')
    if (realCollector) {
      host.settings.apiKey = (await page.locator('main code').first().textContent())!
      await seesOnlyGroups()
    }
  })
})

/** With the key that is now set, topics are there and conversations are not. */
async function seesOnlyGroups(): Promise<void> {
  const page = await open('topics?from=now-30d&to=now', { faulty: true })
  await rows(page).getByText('Other', { exact: true }).first().waitFor()
  await go(page, 'sessions')
  await page.getByText('Not allowed').waitFor()
  await page.getByText('this key shows what at least 30 users share').waitFor()
}
