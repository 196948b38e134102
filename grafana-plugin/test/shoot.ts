/** Screenshots of given pages on the fixture: `node test/run.mjs test/shoot.ts /a/…/topics topics [light]`. */
import { mkdir } from 'node:fs/promises'
import { launch } from './browser/browser.ts'
import { startFixture } from './fixture/server.ts'
import { startHost } from './host/server.ts'

const fixture = await startFixture()
const host = await startHost({ apiUrl: process.env['TURRET_URL'] ?? fixture.url, apiKey: 'test' })
const browser = await launch()
await mkdir('artifacts', { recursive: true })
for (const shot of process.argv.slice(3)) {
  const [path, name, theme = 'dark', height = '1000'] = shot.split('|')
  const page = await browser.context.newPage()
  await page.setViewportSize({ width: 1440, height: Number(height) })
  page.on(
    'console',
    (message) => ['error', 'warning'].includes(message.type()) && console.log(name, message.type(), message.text().slice(0, 300)),
  )
  page.on('pageerror', (error) => console.log(name, 'page error', error.message.slice(0, 500)))
  await page.addInitScript(`localStorage.setItem('theme', '${theme}')`)
  await page.goto(host.url + (path?.startsWith('/') ? path : `/a/turret-topics-app/${path}`))
  await page.waitForTimeout(Number(process.env['WAIT'] ?? 3500))
  await page.screenshot({ path: `artifacts/${name}.png` })
  await page.close()
}
await browser.close()
await host.close()
await fixture.close()
