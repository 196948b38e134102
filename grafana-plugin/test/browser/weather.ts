/** When the collector is down, slow, old or empty, when a key may not, when labels are hostile: pages say what is wrong and what to do. */
import { beforeEach, describe, expect, it } from 'vitest'
import { fixtureTopics } from '../fixture/generate.ts'
import { askFixture, findTooWide, fixture, go, host, open, settled, topicRows as rows } from './stage.ts'

const topicId = fixtureTopics.find(({ level }) => level === 'topic')!.id
const pages = ['topics', `topics/${topicId}`, 'journeys', 'sessions', 'sessions/any', 'map', 'setup', 'keys', 'topics?compare=1']

// A running collector cannot be made to misbehave: these tests are of the stand-in.
describe('bad weather', () => {
  beforeEach(askFixture)

  it.each([
    ['the collector is down', () => (host.settings.apiUrl = 'http://127.0.0.1:9'), 'The collector does not answer', 'Configuration'],
    ['the key is wrong', () => (fixture.behaviour.apiKey = 'another'), 'The collector refuses the API key', 'Configuration'],
    ['the key may not read', () => (fixture.behaviour.scopes = []), 'Not allowed', 'the scope of the API key'],
    ['the collector is busy', () => (fixture.behaviour.status = 503), 'The collector is busy', 'Try again'],
    ['the collector fails', () => (fixture.behaviour.status = 500), 'The collector reports an error', 'Try again'],
  ])('every page says what is wrong and what to do when %s', async (_, spoil, message, action) => {
    spoil()
    const page = await open('topics', { faulty: true })

    for (const path of pages) {
      await go(page, path)
      await page.locator('main').getByText(message).first().waitFor()
      await page.locator('main').getByText(action).first().waitFor()
    }
  })

  it('every page says so when there is no network, and goes on when there is one again', async () => {
    const page = await open('topics', { faulty: true })
    await page.route('**/api/plugin-proxy/**', (route) => route.abort('internetdisconnected'))

    for (const path of [...pages].reverse()) {
      await go(page, path)
      await page.locator('main').getByText('No connection to Grafana').first().waitFor()
    }
    await page.getByText('Check your network').waitFor()
    await page.unroute('**/api/plugin-proxy/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await rows(page).first().waitFor()
  })

  it('a filter that the collector refuses is named, and can be taken away', async () => {
    fixture.behaviour.status = 400

    const page = await open('topics', { faulty: true })

    await page.getByText('The collector does not accept these filters').waitFor()
    await page.getByText('Change or reset the filters').waitFor()
  })

  it('a collector that takes ten seconds is waited for, with words, and its answer is shown', async () => {
    const page = await open('setup')
    fixture.behaviour.delayMs = 10_000
    await go(page, 'topics')

    await page.getByText('Still waiting for the collector').waitFor()
    await rows(page).first().waitFor()
  })

  it('an older collector without newer parts shows what it has, and says what is missing', async () => {
    fixture.behaviour.missing = ['emerging', 'compare', 'lineage', 'edits']
    const page = await open('topics', { faulty: true })
    await rows(page).first().waitFor()

    await go(page, 'topics?compare=1')
    await page.getByText('an older collector may not have this page’s data yet').waitFor()
    await go(page, `topics/${topicId}`)
    await page.locator('section[aria-label="Messages"]').waitFor()
  })

  it('an answer in another form is a message about versions, never a blank page', async () => {
    const page = await open('setup', { faulty: true })
    await page.route('**/api/journeys?*', (route) => route.fulfill({ json: { sessions: 7 } }))
    await go(page, 'journeys')

    await page.getByText('This page cannot be shown').waitFor()
    await page.getByText('Use the same version of both').waitFor()
    await page.locator('nav').getByText('Sessions').click()
    await page.locator('table[aria-label="Sessions"] tbody tr').first().waitFor()
  })

  it('a key that may only read cannot edit, and sees no keys', async () => {
    fixture.behaviour.scopes = ['read']
    const page = await open('topics', { faulty: true })
    await page
      .getByRole('button', { name: /Edit topic/ })
      .first()
      .click()
    await page.getByRole('menuitem', { name: 'Hide' }).click()
    await page.getByText('The edit was not saved: Not allowed').waitFor()

    await go(page, 'keys')
    await page.getByText('Edits and keys need the scope “admin”').waitFor()
  })

  it('an empty project learns on every page how to send its first event', async () => {
    const { events } = fixture.state
    fixture.state.events = []
    const page = await open('topics')

    for (const path of ['topics', 'journeys', 'sessions', 'map', 'setup']) {
      await go(page, path)
      await page.getByText('Send your first event').waitFor()
    }
    fixture.state.events = events
  })

  it('hostile labels are written as text and stay inside their boxes', async () => {
    const labels = ['<img src=x onerror="window.hacked=1">', 'عنوان طويل جدا للمحادثة', '🐙'.repeat(40), 'x'.repeat(200)]
    const answer = await (await fetch(`${fixture.url}/api/v1/topics`)).json()
    const topics = answer.topics.map((topic: object, i: number) => ({ ...topic, label: labels[i % 4], examples: [labels[i % 4]] }))
    const detail = { ...(await (await fetch(`${fixture.url}/api/v1/topics/${topicId}`)).json()), label: labels[0] }
    const page = await open('setup')
    await page.route('**/api/topics?*', (route) => route.fulfill({ json: { ...answer, topics } }))
    await page.route(`**/api/topics/${topicId}?*`, (route) => route.fulfill({ json: detail }))

    await page.reload() // every name comes anew
    await settled(page)
    for (const path of ['topics', `topics/${topicId}`, 'journeys', 'journeys?flow=table', 'sessions', 'map']) {
      await go(page, path)
      await page.locator('main').getByText('<img src=x', { exact: false }).first().waitFor({ state: 'attached' })
      await settled(page)
      expect((await findTooWide(page)).map((name) => `${path}: ${name}`)).toEqual([])
    }
    expect(await page.evaluate('window.hacked')).toBeUndefined()
    expect(await page.locator('main img').count()).toBe(0)
  })
})
