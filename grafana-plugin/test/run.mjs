/** Runs one TypeScript file of `test/`: `node test/run.mjs <file> [arguments]`. Node 20 does not read types itself. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
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
  plugins: [
    {
      // In a bundle `import.meta.dirname` would be the bundle's own folder.
      name: 'dirname',
      setup: (builder) =>
        builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
          contents: (await readFile(path, 'utf8')).replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
          loader: 'ts',
        })),
    },
  ],
})
try {
  await import(pathToFileURL(outfile))
} finally {
  await rm(directory, { recursive: true })
}
