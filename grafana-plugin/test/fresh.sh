#!/usr/bin/env bash
# `npm run test:plugin` at the root: builds the app and looks at it in Chromium, on a machine that has nothing but Node and npm.
# Twice: on a host of Grafana 13.1 packages with a fixture that can misbehave, and on one of 13.2 packages with a real collector.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${CHROMIUM:-}" ] && ! [ -x /usr/bin/chromium ]; then
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -q
  $sudo apt-get install -yq --no-install-recommends chromium
fi
[ -d node_modules ] || npm ci
npx tsc -b
npm ci --prefix grafana-plugin
npm test --prefix grafana-plugin
npm run test:next --prefix grafana-plugin
