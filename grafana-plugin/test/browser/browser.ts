/** Debian's Chromium under playwright-core. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'

export interface Browser {
  readonly context: BrowserContext
  readonly close: () => Promise<void>
}

/** Starts a browser with a profile on disk: only there it keeps the compiled host, so that later pages open quickly. */
export async function launch(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'turret-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
  return {
    context,
    close: async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}
