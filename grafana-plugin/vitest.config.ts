import { defineConfig } from 'vitest/config'

const contract = new URL('../collector/src/query/contract', import.meta.url).pathname
const zod = new URL('node_modules/zod', import.meta.url).pathname

export default defineConfig({
  resolve: { alias: { '@turret/contract': contract, zod } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/browser/real-collector.ts'],
    server: { deps: { inline: [/@grafana/, /react-router/] } },
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } }, // as patient as the browser's own waiting
    hookTimeout: 180_000,
    fileParallelism: false,
  },
})
