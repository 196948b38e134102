/** Bundles the mini host out of one set of Grafana packages. */
import { stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/**
 * Builds the host, or takes the one that was built from the same sources before.
 * @param packages directory of the `node_modules` to build from
 * @returns path of the bundle
 */
export async function buildHost(packages: string): Promise<string> {
  const modules = resolve(packages, 'node_modules')
  const outfile = join(modules, '.cache/turret-host', `${fingerprint(modules)}.js`)
  if (await stat(outfile).catch(() => undefined)) {
    return outfile
  }
  await build({
    entryPoints: [join(import.meta.dirname, 'host.tsx')],
    outfile,
    bundle: true,
    minify: true,
    jsx: 'automatic',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    nodePaths: [modules],
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.css': 'empty', '.ttf': 'empty' },
    logLevel: 'error',
    plugins: [
      {
        name: 'packages',
        setup(builder) {
          // The host's own files stand elsewhere: their packages come from `packages`, i18next as Grafana's own packages see it.
          builder.onResolve({ filter: /^[^./]/ }, ({ path, importer, pluginData, kind }) =>
            pluginData === true || !importer.startsWith(join(import.meta.dirname, '/'))
              ? undefined
              : builder.resolve(path, {
                  resolveDir: path === 'i18next' ? join(modules, '@grafana/i18n') : packages,
                  pluginData: true,
                  kind,
                }),
          )
          // The code editor is half of everything, and no page of the plugin has one.
          builder.onResolve({ filter: /^monaco-editor/ }, ({ path }) => ({ path, namespace: 'left-out' }))
          builder.onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: '' }))
          // Not exported by the package, yet the only way to set what `PluginPage` renders.
          builder.onResolve({ filter: /^@grafana\/runtime\/dist\// }, ({ path }) => ({ path: join(modules, path) }))
        },
      },
    ],
  })
  return outfile
}

function fingerprint(modules: string): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(import.meta.dirname)) {
    hash.update(readFileSync(join(import.meta.dirname, file)))
  }
  hash.update(readFileSync(join(modules, '@grafana/ui/package.json')))
  return hash.digest('hex').slice(0, 16)
}
