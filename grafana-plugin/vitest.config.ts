import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const root = import.meta.dirname

/** The browser tests on a host made of one set of Grafana's packages. */
const onHost = (host: string, grafanaPackages: string, collector: 'stand-in' | 'real') => ({
  extends: true as const,
  test: {
    name: host,
    include: ['test/browser/*.test.ts'],
    globalSetup: collector === 'real' ? ['test/browser/real-collector.ts'] : [],
    provide: { host, grafanaPackages, collector: undefined },
  },
})

export default defineConfig({
  resolve: {
    alias: { '@turret/contract': resolve(root, '../collector/src/query/contract'), zod: resolve(root, 'node_modules/zod') },
  },
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/*.test.ts'] } },
      onHost('grafana-13.1', root, 'stand-in'),
      onHost('grafana-13.2', resolve(root, 'test/host-next'), 'real'),
    ],
    server: { deps: { inline: [/@grafana/, /react-router/] } },
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } }, // as patient as the browser's own waiting
    hookTimeout: 180_000,
    fileParallelism: false,
  },
})
