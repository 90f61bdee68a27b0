#!/bin/sh
# Makes the Python environment $1 from the hashed lock $2 and installs Kith into it, editable.
set -eu
env=$1 lock=$2

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ ! -x "$env/bin/python" ]; then
  python=
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then python=$candidate; break; fi
  done
  if [ -z "$python" ]; then
    echo "Kith needs Python 3.11 or newer. Install it, or name one: make PYTHON=/path/to/python3.12" >&2
    exit 1
  fi
  echo "Making the environment in $env ($("$python" --version))"
  mkdir -p "$(dirname "$env")"
  if ! "$python" -m venv "$env"; then
    echo "Python's venv module is missing: on Debian, apt-get install python3-venv" >&2
    exit 1
  fi
fi

echo "Installing from $lock (the first time this takes a minute or two)"
"$env/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
"$env/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
  --editable .
