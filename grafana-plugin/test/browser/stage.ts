/**
 * What every browser test needs: something to ask (the stand-in, or a real collector), the host with the built plugin, a browser.
 * Whoever imports this module has them for the whole test file. An error of a page's scripts fails the test in which it happens, and a
 * failed test leaves a picture.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest'
import { startFixture, type FixtureServer } from '../fixture/server.ts'
import { startHost, type Host, type HostSettings } from '../host/server.ts'
import { launch, type Browser } from './browser.ts'

/** The real collector of this host, if it has one (see real-collector.ts). A collector that misbehaves is always the stand-in. */
export const realCollector = inject('collector')
/** Pictures of this host. */
export const artifacts = resolve(import.meta.dirname, '../../artifacts', inject('host'))

export let fixture: FixtureServer
export let host: Host
let browser: Browser
/** The tab that tests share, one after the other: loading Grafana's packages costs a second of processor time. */
let sharedTab: Page | undefined
const tabs: Page[] = []
const errors: string[] = []
let expectsErrors = false

beforeAll(async () => {
  await mkdir(artifacts, { recursive: true })
  fixture = await startFixture()
  host = await startHost({ apiUrl: '', apiKey: '' }, { packages: inject('grafanaPackages') })
  browser = await launch()
})
beforeEach(() => {
  expectsErrors = false
  Object.assign(fixture.behaviour, { delayMs: 0, status: undefined, apiKey: undefined, scopes: ['read', 'admin'], missing: [] })
  Object.assign(host.settings, realCollector ?? toFixture())
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    await tabs.at(-1)?.screenshot({ path: join(artifacts, `failed-${task.name.replace(/\W+/g, '-').slice(0, 80)}.png`) })
  }
  const isSpoilt = task.result?.state === 'fail'
  await Promise.all(tabs.map((tab) => tab.unrouteAll({ behavior: 'ignoreErrors' })))
  sharedTab = isSpoilt ? undefined : sharedTab
  await Promise.all(tabs.filter((tab) => tab !== sharedTab).map((tab) => tab.close()))
  tabs.length = 0
  expect(errors.splice(0)).toEqual([])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
  await fixture?.close()
})

/** Points the app at the stand-in until the end of the test. */
export function askFixture(): void {
  Object.assign(host.settings, toFixture())
}

const toFixture = (): HostSettings => ({ apiUrl: fixture.url, apiKey: 'test' })

interface OpenOptions {
  readonly height?: number
  /** Console errors are part of this test. */
  readonly faulty?: boolean
}

/** Loads a page of the app by its address, in a new tab, and waits until it shows something. */
export async function load(path: string, { height = 1000, faulty = false }: OpenOptions = {}): Promise<Page> {
  expectsErrors = faulty
  const page = await browser.context.newPage()
  tabs.push(page)
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !expectsErrors) {
      errors.push(`${message.text()} ${message.location().url}`)
    }
  })
  await page.addInitScript(() => localStorage.setItem('theme', 'dark'))
  await page.setViewportSize({ width: 1440, height })
  await page.goto(addressOf(path))
  await shown(page)
  return page
}

/** Opens a page of the app in the shared tab, where the whole app has been taken down since the last test. */
export async function open(path: string, options: OpenOptions = {}): Promise<Page> {
  if (sharedTab === undefined) {
    sharedTab = await load(path, options)
    return sharedTab
  }
  expectsErrors = options.faulty ?? false
  tabs.push(sharedTab)
  await go(sharedTab, '/nothing')
  await go(sharedTab, path)
  await shown(sharedTab)
  return sharedTab
}

async function shown(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await settled(page)
}

/** Goes to another page of the app in the same tab, as a click on a link does. */
export async function go(page: Page, path: string): Promise<void> {
  const address = new URL(addressOf(path))
  const isAnotherPage = address.pathname !== new URL(page.url()).pathname
  await page.evaluate(
    ([to, leaving]) => {
      document.querySelector('h1')?.toggleAttribute('data-leaving', leaving)
      window.host.go(to)
    },
    [address.pathname + address.search, isAnotherPage] as const,
  )
  await page.locator('[data-leaving]').waitFor({ state: 'detached' })
}

/** @param path of a page of the app, or from the root with a slash before it */
export function addressOf(path: string): string {
  return host.url + (path.startsWith('/') ? path : `/a/turret-topics-app/${path}`)
}

const calmFrames = 5 // an answer is drawn, and asks the next question, before so many frames have passed

/** Waits until nothing is asked, loading or moving any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => 'host' in window)
  await page.evaluate(async (wanted) => {
    const isMoving = ({ effect, playState }: Animation) => playState === 'running' && effect?.getTiming().iterations !== Infinity
    for (let calm = 0; calm < wanted;) {
      await new Promise((painted) => requestAnimationFrame(painted))
      const isBusy = window.host.pending() > 0 || document.querySelector('[aria-busy=true]') || document.getAnimations().some(isMoving)
      calm = isBusy ? 0 : calm + 1
    }
  }, calmFrames)
}

/** Names of the parts of a page that make it wider than the window. */
export function findTooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const isTooWide = (part: Element) =>
      Math.max(part.scrollWidth + part.getBoundingClientRect().left, part.getBoundingClientRect().right) > clientWidth
    const parts = scrollWidth <= clientWidth ? [] : [...document.querySelectorAll('main h1, main section')].filter(isTooWide)
    return parts.map((part) => part.getAttribute('aria-label') ?? part.tagName)
  })
}

export const heading = (page: Page) => page.locator('h1').first()
/** A query parameter of the page's address. */
export const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name)
/** The rows of the topics table. */
export const topicRows = (page: Page) => page.locator('table[aria-label="All topics"] tbody tr')
