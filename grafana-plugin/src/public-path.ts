/** Tells webpack where Grafana serves this plugin from (a sub-path or CDN is possible), so that lazy chunks are found. */
import amdModule from 'amd-module'

declare let __webpack_public_path__: string

if (amdModule?.uri) {
  __webpack_public_path__ = amdModule.uri.slice(0, amdModule.uri.lastIndexOf('/') + 1)
}
