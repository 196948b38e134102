import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

// `npm run test:faults`: kills, full disks, floods and a hundred thousand malformed inputs. One suite at a time, since each
// takes the machine for itself; minutes, not seconds.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['collector/test/{faults,fuzz}/*.faults.ts'],
    testTimeout: 300_000,
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
})
