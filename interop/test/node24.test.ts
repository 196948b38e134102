/** The exporter package works with the newest SDK line too, on the Node that line asks for. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sharedPath } from '../../collector/test/shared-data.ts'
import { installNode24 } from './install.ts'
import { run } from './run.ts'

interface Results {
  readonly numTotalTests: number
  readonly numPassedTests: number
  readonly testResults: readonly { readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[] }[]
}

it.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'passes all tests of the exporter on Node 24 with the 3.x SDK line',
  async () => {
    const { directory, node } = await installNode24()
    expect(await run(node, ['--version'], { cwd: directory })).toMatch(/^v24\./)

    // Failing tests are named below; that some failed is no reason to stop here.
    await run(node, ['node_modules/vitest/vitest.mjs', 'run'], {
      cwd: directory,
      env: { TURRET_SHARED: sharedPath('.') },
      timeoutMs: 600_000,
    }).catch(() => undefined)

    const results = JSON.parse(await readFile(join(directory, 'results.json'), 'utf8')) as Results
    const failed = results.testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === 'failed')
    expect(failed.map(({ fullName }) => fullName)).toEqual([])
    expect(results.numPassedTests).toBeGreaterThan(50)
  },
  900_000,
)
