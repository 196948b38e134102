/** The parts of each page that no other test touches: every column and chart is there, and leads where it says. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { addressOf, askFixture, fixture, host, load, open, param, settled, topicRows as rows } from './stage.ts'

const range = 'from=now-30d&to=now'

describe('Topics', () => {
  it('has every column, and the rows have their trend line', async () => {
    const page = await open(`topics?${range}`)

    const columns = await page.locator('table[aria-label="All topics"] th').allTextContents()
    expect(columns).toEqual(['', 'Topic', 'Messages', 'Share', 'Sessions', 'Users', 'Trend', 'Drop-off', 'Errors'])
    expect(await rows(page).first().locator('svg[role=img]').count()).toBe(1)
  })

  it('marks what is new and what spikes, above the table and in it', async () => {
    askFixture()
    const page = await open('topics')

    for (const mark of ['Spiking', 'New']) {
      await page.locator('section[aria-label="What changed"]').getByText(mark, { exact: true }).waitFor()
      await rows(page).getByText(mark, { exact: true }).first().waitFor()
    }
  })

  it('leads from a tile of the treemap to its topic', async () => {
    const page = await open(`topics?${range}`)
    const tile = page.locator('[role=list][aria-label="Share of messages"] a').first()
    const [label] = (await tile.getAttribute('title'))!.split(': ')

    await tile.click()

    await page.waitForURL(/\/topics\/[0-9a-f]{16}/)
    await expect.poll(() => page.locator('h1').textContent()).toBe(label)
  })
})

describe('Topic', () => {
  it('has its figures, among them errors, latency, cost and tokens, and can be renamed', async () => {
    const page = await open(`topics?${range}`)
    await rows(page).first().locator('td:nth-child(2) a').first().click()
    await page.locator('section[aria-label="Messages"] li').first().waitFor()

    const figures = await page.locator('dl').first().textContent()
    for (const part of ['Messages', 'Sessions', 'Drop-off', 'Rephrased', 'Errors', 'to answer', 'Cost', 'tokens']) {
      expect(figures).toContain(part)
    }
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByLabel(/^New name of/).press('Escape')
    await page.getByRole('button', { name: 'Rename' }).waitFor()
  })
})

describe('Journeys', () => {
  it('filters by segments as Topics does', async () => {
    const page = await open(`journeys?${range}&panel=segments`)
    const sessions = page.locator('dl dd').first()
    const before = await sessions.textContent()

    await page.locator('aside fieldset label').first().click()
    await page.getByRole('button', { name: 'Apply' }).click()

    await expect.poll(() => sessions.textContent()).not.toBe(before)
    await page.getByRole('button', { name: /Remove filter/ }).waitFor()
  })

  it('lights what belongs to the part of the flow that is pointed at, or reached with the keyboard', async () => {
    const page = await open(`journeys?${range}`)
    const flow = page.locator('svg[role=group]')
    const dim = flow.locator('g[opacity="0.35"]')
    await flow.locator('path').first().waitFor()
    await page.mouse.move(0, 0)
    await expect.poll(() => dim.count()).toBe(0)

    await flow.locator('g[data-key] > a:not([tabindex]) rect').first().hover()
    await expect.poll(() => dim.count()).toBeGreaterThan(0)
    await page.mouse.move(0, 0)
    await expect.poll(() => dim.count()).toBe(0)
    await flow.locator('a:not([tabindex])').last().focus()
    await expect.poll(() => dim.count()).toBeGreaterThan(0)
  })

  it('draws more steps and topics on demand; a copied link draws them, too', async () => {
    const page = await open(`journeys?${range}&depth=3&top=5`)
    const steps = (of: typeof page) => of.locator('svg[role=group] > text')
    await steps(page).first().waitFor()
    expect(await steps(page).count()).toBe(3)

    await page.getByRole('radio', { name: '5', exact: true }).check({ force: true })
    await page.getByRole('radio', { name: 'Top 12' }).check({ force: true })
    await expect.poll(() => steps(page).count()).toBe(5)
    await settled(page)

    const copy = await load(new URL(page.url()).pathname + new URL(page.url()).search)
    const titles = (of: typeof page) => of.locator('svg[role=group] a title').allTextContents()
    expect(await titles(copy)).toEqual(await titles(page))
  })

  it('leads from messages that were asked again to their sessions', async () => {
    const page = await open(`journeys?${range}`)

    await page.locator('section[aria-label="Asked again at once"] li a').last().click()

    await expect.poll(() => param(page, 'journey')).toBe('rephrases')
    await page.locator('table[aria-label="Sessions"] tbody tr').first().waitFor()
  })
})

describe('Session', () => {
  it('shows its path as a strip, one block per step, that leads to the turn', async () => {
    const page = await open(`sessions?sort=turns&${range}`)
    await page.locator('table[aria-label="Sessions"] tbody a').first().click()
    const blocks = page.locator('ol[aria-label="Topics in order"] button')
    await blocks.last().waitFor()
    const topics = await page.locator('ol[aria-label="Conversation"] span[title]').allTextContents()
    const steps = topics.filter((topic, index) => topic !== topics[index - 1])
    expect(await blocks.allTextContents()).toEqual(steps)

    await blocks.last().click()

    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0)
  })
})

describe('Setup', () => {
  it('shows the first event in each language with the collector’s own address', async () => {
    askFixture()
    const page = await load('setup') // the collector's address in the examples comes with the page

    for (const [language, word] of [
      ['JavaScript', 'await fetch('],
      ['Python', 'import requests'],
      ['OpenTelemetry', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
      ['cURL', 'curl '],
    ] as const) {
      await page.getByRole('tab', { name: language }).click()
      const code = await page.locator('pre').textContent()
      expect(code).toContain(word)
      expect(code).toContain(fixture.url)
    }
  })

  it('says on the configuration page that a key is refused', async () => {
    askFixture()
    fixture.behaviour.apiKey = 'right'
    host.settings.apiKey = ''
    const page = await open('/plugins/turret-topics-app?page=configuration', { faulty: true })
    const save = page.getByRole('button', { name: 'Save and test connection' })

    await page.locator('#api-key').fill('wrong')
    await save.click()
    await page.getByText('The collector refuses the API key').waitFor()
    await page.getByText('Enter a key with the scope “read”').waitFor()
    await page.getByRole('button', { name: 'Reset' }).click()
    await page.locator('#api-key').fill('right')
    await save.click()

    await page.getByText(/^[\d,]+ messages, [\d,]+ sessions, [\d,]+ topics$/).waitFor()
    expect(await page.content()).not.toContain('"right"') // a saved key is never read back
  })
})

describe('npm run preview', () => {
  it('serves the same pages on loopback, and they say that they are a preview', async () => {
    const root = resolve(import.meta.dirname, '../..')
    const preview = spawn(process.execPath, ['test/run.mjs', 'test/host/preview.ts'], {
      cwd: root,
      env: { ...process.env, PORT: '0', TURRET_URL: fixture.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let address: string | undefined
    for await (const line of createInterface({ input: preview.stdout })) {
      address = /without Grafana: (http:\/\/127\.0\.0\.1:\d+\/\S+)/.exec(line)?.[1]
      break
    }

    const answer = await fetch(address!)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('preview without Grafana')])
    preview.kill('SIGINT')
    await once(preview, 'exit')

    const page = await open('topics')
    await page.getByText('Preview without Grafana: only the pages of this plugin work here').waitFor()
    expect(addressOf('topics')).toContain('127.0.0.1')
  })
})
