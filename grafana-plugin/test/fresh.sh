#!/usr/bin/env bash
# `npm run test:plugin` at the root: checks and builds the app and looks at it in Chromium, on a machine that has nothing but Node and npm.
# Pictures of every page are left in grafana-plugin/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../.."

# What the lockfile names, where it is not there yet.
install() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] || npm ci --no-audit --no-fund --prefix "$@"
}
install_chromium() {
  local sudo
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -q
  $sudo apt-get install -yq --no-install-recommends chromium
}

[ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || install_chromium
install grafana-plugin &
plugin=$!
install .
npx tsc -b
install grafana-plugin/test/host-next --ignore-scripts
wait "$plugin"

cd grafana-plugin
npm run --silent lint
npm run --silent types
rm -rf artifacts
npm test -- --reporter=verbose
