/** What every browser test needs: a collector (the fixture, or a real one), the host with the built plugin, a browser. */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import AxeBuilderSource from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { startFixture, type FixtureServer } from '../fixture/server.ts'
import { startHost, type Host } from '../host/server.ts'
import { launch, type Browser } from './browser.ts'

/** A real collector to look at (see real-collector.ts); tests of a misbehaving one need the fixture. */
export const realCollector = inject('collector')
export const artifacts = resolve(import.meta.dirname, '../../artifacts')
const packages = process.env['TURRET_HOST_PACKAGES'] // another set of Grafana packages: see test/host-next

export interface Stage {
  readonly fixture: FixtureServer
  readonly host: Host
  /** Opens a page of the app and waits until it shows something. */
  readonly open: (path: string, options?: OpenOptions) => Promise<Page>
}

interface OpenOptions {
  readonly theme?: 'dark' | 'light'
  readonly height?: number
  /** Console errors are part of this test. */
  readonly faulty?: boolean
}

/** Sets the stage for the tests of one file. Errors of a page's scripts fail the test that opened it. */
export function useStage(fixtureOptions: Parameters<typeof startFixture>[0] = {}): Stage {
  let fixture: FixtureServer
  let host: Host
  let browser: Browser
  const errors: string[] = []

  beforeAll(async () => {
    await mkdir(artifacts, { recursive: true })
    fixture = await startFixture(fixtureOptions)
    host = await startHost(
      { apiUrl: realCollector?.url ?? fixture.url, apiKey: realCollector?.apiKey ?? 'test' },
      packages === undefined ? {} : { packages },
    )
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await host?.close()
    await fixture?.close()
    expect(errors).toEqual([])
  })
  return {
    get fixture() {
      return fixture
    },
    get host() {
      return host
    },
    open: async (path, { theme = 'dark', height = 1000, faulty = false } = {}) => {
      const page = await browser.context.newPage()
      await page.setViewportSize({ width: 1440, height })
      page.setDefaultTimeout(30_000)
      page.on('pageerror', (error) => errors.push(`${path}: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error' && !faulty) {
          errors.push(`${path}: ${message.text()} ${message.location().url}`)
        }
      })
      await page.addInitScript(`localStorage.setItem('theme', '${theme}')`)
      await page.goto(host.url + (path.startsWith('/') ? path : `/a/turret-topics-app/${path}`))
      await page.locator('h1').first().waitFor()
      await settled(page)
      return page
    },
  }
}

/** Waits until nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await expect.poll(() => page.locator('[aria-busy=true], [role=status]:has-text("Loading")').count(), { timeout: 30_000 }).toBe(0)
}

/** What axe finds serious or critical, in words. */
export async function findFaults(page: Page): Promise<string[]> {
  await page.evaluate(AxeBuilderSource.source)
  const { violations } = await page.evaluate<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>(
    'axe.run(document.querySelector("main"))',
  )
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 160))
          .join(' | ')}`,
    )
}

export const heading = (page: Page) => page.locator('h1').first()
/** A query parameter of the page's address. */
export const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name)
