/** The first minutes: the configuration, a project without data, the first event. */
import { beforeEach, describe, expect, it } from 'vitest'
import { askFixture, fixture, host, load, open, realCollector, topicRows as rows } from './stage.ts'

// The stand-in's project can be emptied and filled again.
describe('the first minutes', () => {
  beforeEach(askFixture)

  it('shows an empty project how to send an event, and reacts when one arrives', async () => {
    const { events } = fixture.state
    fixture.state.events = []
    const page = await load('topics') // the collector's address in the examples comes with the page
    await page.getByText('Send your first event').waitFor()
    await page.getByText('Waiting for the first event').waitFor()
    expect(await page.locator('pre').textContent()).toContain(fixture.url)

    fixture.state.events = events

    await page.getByText('Events arrive').waitFor()
    await page.getByRole('link', { name: 'See topics' }).click()
    await rows(page).first().waitFor()
  })

  it('says that a time range has nothing in it', async () => {
    const page = await open('topics?from=1000000000000&to=1000000100000')

    await page.getByText('Nothing in this time range matches').waitFor()
  })

  it('saves the configuration, tests it and tells what it found', async () => {
    const page = await open('/plugins/turret-topics-app?page=configuration', { faulty: true })
    const url = page.locator('#api-url')
    const save = page.getByRole('button', { name: 'Save and test connection' })

    await url.fill('collector:4318')
    await page.getByText('Expected a URL such as').waitFor()
    expect(await save.isDisabled()).toBe(true)
    await url.fill('http://127.0.0.1:9/')
    await save.click()
    await page.getByText('The collector does not answer').waitFor()
    await url.fill(fixture.url)
    await save.click()

    await page.getByText('Connected to collector 0.1.0, project demo').waitFor()
  })
})

describe.runIf(realCollector)('a project of a real collector', () => {
  it('is shown how to send its first event, reacts to it, and counts until the first topics', async () => {
    const { apiUrl, apiKey } = realCollector!
    const post = async (path: string, key: string, body: object) => {
      const headers = { 'x-api-key': key, 'content-type': 'application/json' }
      const answer = await fetch(apiUrl + path, { method: 'POST', headers, body: JSON.stringify(body) })
      expect(answer.status).toBe(200)
      return answer.json()
    }
    const { key } = await post('/api/v1/keys', apiKey, { project: 'fresh', name: 'fresh', scopes: ['ingest', 'read'] })
    host.settings.apiKey = key
    const page = await open('topics')
    await page.getByText('Waiting for the first event').waitFor()

    await post('/track', key, { name: 'chat', metadata: { prompt: 'Where is my parcel?' } })

    await page.getByText('Events arrive: 1 so far').waitFor()
    await page.getByRole('link', { name: 'See topics' }).click()
    await page.getByText('Almost there').waitFor()
  })

  it('is closed to a wrong key, and says so', async () => {
    host.settings.apiKey = 'wrong'
    const page = await open('topics', { faulty: true })

    await page.getByText('The collector refuses the API key').first().waitFor()
  })
})
