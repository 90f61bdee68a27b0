#!/bin/sh
# Fetches what Kith is measured against into $1, with Python $2: hashed locks of its own, for
# benchmarks only. What cannot be had is left out, and its rows say unknown.
set -u
folder=$1 python=$2
mkdir -p "$folder/npm"
if [ ! -x "$folder/env/bin/python" ]; then "$python" -m venv "$folder/env"; fi
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
  --require-hashes -r locks/peers.txt || echo "Some peers cannot be had: their rows say unknown" >&2
cp benchmarks/peers/package.json benchmarks/peers/package-lock.json .npmrc "$folder/npm/"
(cd "$folder/npm" && npm ci --silent) || echo "Lighthouse cannot be had: its rows say unknown" >&2
