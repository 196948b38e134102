import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['exporter/test/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 1,
    reporters: ['json', 'default'],
    outputFile: { json: 'results.json' },
  },
})
