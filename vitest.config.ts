import { defineConfig } from 'vitest/config'

// Tests run the TypeScript sources across the packages (export condition `source`); the child process and the worker
// thread run from `dist`, which `npm test` builds first.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['{exporter,clickhouse,collector,examples}/test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
