/** In a real Grafana: the app is in the navigation, its pages open, its data source answers, its dashboards and alert rules are there. */
import { expect, test } from '@grafana/plugin-e2e'

const app = '/a/turret-topics-app'

for (const [path, title] of [
  ['topics', 'Topics'],
  ['journeys', 'Journeys'],
  ['sessions', 'Sessions'],
  ['map', 'Map'],
  ['setup', 'Setup'],
  ['keys', 'Keys'],
]) {
  test(`opens the page ${title}`, async ({ page }) => {
    await page.goto(`${app}/${path}`)

    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  })
}

test('reaches the collector through Grafana’s proxy', async ({ page }) => {
  const answer = await page.request.get('/api/plugin-proxy/turret-topics-app/api/overview')

  expect(answer.status()).toBe(200)
})

test('provisions a data source that answers', async ({ readProvisionedDataSource, gotoDataSourceConfigPage }) => {
  const { uid } = await readProvisionedDataSource<object, object>({ fileName: 'turret.yaml' })
  const page = await gotoDataSourceConfigPage(uid)

  await expect(page.saveAndTest()).toBeOK()
})

test('provisions three dashboards and the alert rules', async ({ page }) => {
  const dashboards = await (await page.request.get('/api/search?query=Turret&type=dash-db')).json()
  const rules = await (await page.request.get('/api/v1/provisioning/alert-rules')).json()

  expect(dashboards).toHaveLength(3)
  expect(rules.map(({ uid }: { uid: string }) => uid)).toContain('turret-new-topic')
})
