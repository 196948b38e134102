/** Runs one TypeScript file of `test/` under Node: `node test/run.mjs <file>`; Node 20 does not read types itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const directory = await mkdtemp(resolve(root, 'node_modules/.run-'))
const outfile = resolve(directory, 'main.mjs')

await build({
  entryPoints: [process.argv[2]],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  alias: { '@turret/contract': resolve(root, '../collector/src/query/contract') },
  define: { 'import.meta.dirname': JSON.stringify(resolve(root, process.argv[2], '..')) },
})
await import(pathToFileURL(outfile))
await rm(directory, { recursive: true })
