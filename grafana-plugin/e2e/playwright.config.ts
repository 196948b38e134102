/** Logs in as Grafana's first administrator, then runs the tests against the Grafana of docker-compose.yaml. */
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { defineConfig, devices } from '@playwright/test'
import type { PluginOptions } from '@grafana/plugin-e2e'

const auth = join(dirname(createRequire(import.meta.url).resolve('@grafana/plugin-e2e')), 'auth')

export default defineConfig<PluginOptions>({
  testDir: '.',
  use: { baseURL: process.env['GRAFANA_URL'] ?? 'http://localhost:3000' },
  projects: [
    { name: 'auth', testDir: auth, testMatch: [/.*\.js/] },
    {
      name: 'app',
      dependencies: ['auth'],
      use: { ...devices['Desktop Chrome'], storageState: 'playwright/.auth/admin.json' },
    },
  ],
})
