/** What people change: names of topics, which are one and which are hidden, keys. Edits are undone. */
import { describe, expect, it } from 'vitest'
import { open, realCollector, topicRows as rows } from './stage.ts'

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
})
