/** When the collector is down, slow, old or empty, when a key may not, when labels are hostile: pages say what is wrong and what to do. */
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { fixtureTopics } from '../fixture/generate.ts'
import { realCollector, settled, useStage } from './stage.ts'

const stage = useStage()
const rows = (page: Page) => page.locator('table[aria-label="All topics"] tbody tr')
const app = () => `${stage.host.url}/a/turret-topics-app`
const topicId = fixtureTopics.find(({ level }) => level === 'topic')!.id
const pages = ['topics', `topics/${topicId}`, 'journeys', 'sessions', 'sessions/any', 'map', 'setup', 'keys', 'topics?compare=1']

/** Names of the parts of a page that make it wider than the window. */
const sectionsBeyondTheWindow = (page: Page) =>
  page.evaluate(() =>
    document.documentElement.scrollWidth <= document.documentElement.clientWidth
      ? []
      : [...document.querySelectorAll('main h1, main section')]
          .filter(
            (part) =>
              Math.max(part.scrollWidth + part.getBoundingClientRect().left, part.getBoundingClientRect().right) > window.innerWidth,
          )
          .map((part) => part.getAttribute('aria-label') ?? part.tagName),
  )

// A running collector cannot be made to misbehave: these tests are of the fixture.
describe.runIf(realCollector === undefined)('bad weather', () => {
  beforeEach(() => {
    Object.assign(stage.fixture.behaviour, { delayMs: 0, status: undefined, apiKey: undefined, scopes: ['read', 'admin'], missing: [] })
    stage.host.settings.apiUrl = stage.fixture.url
  })

  it.each([
    ['the collector is down', () => (stage.host.settings.apiUrl = 'http://127.0.0.1:9'), 'The collector does not answer', 'Configuration'],
    ['the key is wrong', () => (stage.fixture.behaviour.apiKey = 'another'), 'The collector refuses the API key', 'Configuration'],
    ['the key may not read', () => (stage.fixture.behaviour.scopes = []), 'Not allowed', 'the scope of the API key'],
    ['the collector is busy', () => (stage.fixture.behaviour.status = 503), 'The collector is busy', 'Try again'],
    ['the collector fails', () => (stage.fixture.behaviour.status = 500), 'The collector reports an error', 'Try again'],
  ])('every page says what is wrong and what to do when %s', async (_, spoil, message, action) => {
    spoil()
    const page = await stage.open('topics', { faulty: true })

    for (const path of pages) {
      await page.goto(`${app()}/${path}`)
      await page.locator('main').getByText(message).first().waitFor()
      await page.locator('main').getByText(action).first().waitFor()
    }
    await page.close()
  })

  it('every page says so when there is no network, and goes on when there is one again', async () => {
    const page = await stage.open('topics', { faulty: true })
    await page.route('**/api/plugin-proxy/**', (route) => route.abort('internetdisconnected'))

    for (const path of pages) {
      await page.goto(`${app()}/${path}`)
      await page.locator('main').getByText('No connection to Grafana').first().waitFor()
    }
    await page.goto(`${app()}/topics`)
    await page.getByText('Check your network').waitFor()
    await page.unroute('**/api/plugin-proxy/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await rows(page).first().waitFor()
    await page.close()
  })

  it('a filter that the collector refuses is named, and can be taken away', async () => {
    stage.fixture.behaviour.status = 400

    const page = await stage.open('topics', { faulty: true })

    await page.getByText('The collector does not accept these filters').waitFor()
    await page.getByText('Change or reset the filters').waitFor()
    await page.close()
  })

  it('a collector that takes ten seconds is waited for, with words, and its answer is shown', async () => {
    const page = await stage.open('setup')
    stage.fixture.behaviour.delayMs = 10_000
    await page.goto(`${app()}/topics`)

    await page.getByText('Still waiting for the collector').waitFor()
    await rows(page).first().waitFor()
    await page.close()
  })

  it('an older collector without newer parts shows what it has, and says what is missing', async () => {
    stage.fixture.behaviour.missing = ['emerging', 'compare', 'lineage', 'edits']
    const page = await stage.open('topics', { faulty: true })
    await rows(page).first().waitFor()

    await page.goto(`${app()}/topics?compare=1`)
    await page.getByText('an older collector may not have this page’s data yet').waitFor()
    await page.goto(`${app()}/topics/${topicId}`)
    await page.locator('section[aria-label="Messages"]').waitFor()
    await page.close()
  })

  it('an answer in another form is a message about versions, never a blank page', async () => {
    const page = await stage.open('setup', { faulty: true })
    await page.route('**/api/journeys?*', (route) => route.fulfill({ json: { sessions: 7 } }))
    await page.goto(`${app()}/journeys`)

    await page.getByText('This page cannot be shown').waitFor()
    await page.getByText('Use the same version of both').waitFor()
    await page.locator('nav').getByText('Sessions').click()
    await page.locator('table[aria-label="Sessions"] tbody tr').first().waitFor()
    await page.close()
  })

  it('a key that may only read cannot edit, and sees no keys', async () => {
    stage.fixture.behaviour.scopes = ['read']
    const page = await stage.open('topics', { faulty: true })
    await page
      .getByRole('button', { name: /Edit topic/ })
      .first()
      .click()
    await page.getByRole('menuitem', { name: 'Hide' }).click()
    await page.getByText('The edit was not saved: Not allowed').waitFor()

    await page.goto(`${app()}/keys`)
    await page.getByText('Edits and keys need the scope “admin”').waitFor()
    await page.close()
  })

  it('an empty project learns on every page how to send its first event', async () => {
    const { events } = stage.fixture.state
    stage.fixture.state.events = []
    const page = await stage.open('topics')

    for (const path of ['topics', 'journeys', 'sessions', 'map', 'setup']) {
      await page.goto(`${app()}/${path}`)
      await page.getByText('Send your first event').waitFor()
    }
    stage.fixture.state.events = events
    await page.close()
  })

  it('hostile labels are written as text and stay inside their boxes', async () => {
    const labels = ['<img src=x onerror="window.hacked=1">', 'عنوان طويل جدا للمحادثة', '🐙'.repeat(40), 'x'.repeat(200)]
    const answer = await (await fetch(`${stage.fixture.url}/api/v1/topics`)).json()
    const topics = answer.topics.map((topic: object, i: number) => ({ ...topic, label: labels[i % 4], examples: [labels[i % 4]] }))
    const detail = { ...(await (await fetch(`${stage.fixture.url}/api/v1/topics/${topicId}`)).json()), label: labels[0] }
    const page = await stage.open('setup')
    await page.route('**/api/topics?*', (route) => route.fulfill({ json: { ...answer, topics } }))
    await page.route(`**/api/topics/${topicId}?*`, (route) => route.fulfill({ json: detail }))

    for (const path of ['topics', `topics/${topicId}`, 'journeys', 'journeys?flow=table', 'sessions', 'map']) {
      await page.goto(`${app()}/${path}`)
      await page.locator('main').getByText('<img src=x', { exact: false }).first().waitFor({ state: 'attached' })
      await settled(page)
      expect((await sectionsBeyondTheWindow(page)).map((name) => `${path}: ${name}`)).toEqual([])
    }
    expect(await page.evaluate('window.hacked')).toBeUndefined()
    expect(await page.locator('main img').count()).toBe(0)
    await page.close()
  })
})
