/**
 * The modules that Grafana ≥ 12.3 hands to plugins at run time, as far as this plugin imports them: never bundled.
 * Source: grafana/grafana public/app/features/plugins/loader/sharedDependencies.ts; a test holds `dist/` against this list.
 */
export const sharedModules = [
  '@emotion/css',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
  'i18next',
  'react',
  'react-dom',
  'react-router',
  'react/jsx-runtime',
  'rxjs',
]
