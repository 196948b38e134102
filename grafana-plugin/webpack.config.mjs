/** Bundles the app and its nested plugins as AMD modules that share React, Grafana's packages and the router with Grafana. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import CopyPlugin from 'copy-webpack-plugin'
import { sharedModules } from './shared-modules.mjs'

const root = import.meta.dirname
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))
const { id } = JSON.parse(readFileSync(resolve(root, 'src/plugin.json'), 'utf8'))

const fillIn = (content) =>
  content
    .toString()
    .replaceAll('%VERSION%', version)
    .replaceAll('%PLUGIN_ID%', id)
    .replaceAll('%TODAY%', new Date().toISOString().slice(0, 10))

export default (_env, { mode }) => ({
  context: resolve(root, 'src'),
  entry: {
    module: './module.tsx',
    'datasource/module': './datasource/module.ts',
    'panels/journey/module': './panels/journey/module.tsx',
  },
  devtool: mode === 'production' ? 'source-map' : 'eval-source-map',
  performance: { hints: false },
  // What several pages share stands in a chunk of its own, also where it is small.
  optimization: { splitChunks: { minSize: 1000 } },
  externals: [{ 'amd-module': 'module' }, ...sharedModules],
  resolve: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  module: { rules: [{ test: /\.tsx?$/, loader: 'esbuild-loader', options: { target: 'es2022', jsx: 'automatic' } }] },
  output: {
    path: resolve(root, 'dist'),
    filename: '[name].js',
    chunkFilename: 'chunk-[name].[contenthash:8].js',
    library: { type: 'amd' },
    publicPath: `public/plugins/${id}/`,
    uniqueName: id,
    clean: true,
  },
  plugins: [
    new CopyPlugin({
      patterns: [
        { from: '**/plugin.json', transform: fillIn },
        { from: '**/img/*' },
        { from: 'dashboards/*.json', noErrorOnMissing: true },
        { from: 'locales/**/*.json', noErrorOnMissing: true },
        { from: '../README.md' },
        { from: '../CHANGELOG.md' },
        { from: '../../LICENSE' },
      ],
    }),
  ],
})
