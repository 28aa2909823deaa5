#!/usr/bin/env bash
# The main job: ./consumer.sh DIR sets itself up in this checkout, scans DIR, enriches it and serves
# the dashboard; ./consumer.sh --demo shows it on made-up files; other arguments: --help.
# ENRICHMENT_EXTRAS=redis,postgresql takes along what servers need that several machines share; once
# given it is remembered, so that an update made without it does not take the drivers away.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
(
  cd "$here"
  . scripts/venv.sh
  extras=${ENRICHMENT_EXTRAS-$(cat .venv-extras 2>/dev/null || true)}
  make_venv "$here/.venv" "${extras:+[$extras]}"
  [ -z "${ENRICHMENT_EXTRAS+given}" ] || echo "$extras" >.venv-extras
)
# Fewer memory arenas: four threads would otherwise take a few MB each for nothing.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
if [ "${1:-}" = "--demo" ]; then
  shift
  exec "$here/.venv/bin/pikaraoke-enrichment" demo "$@"
fi
exec "$here/.venv/bin/pikaraoke-enrichment" run "$@"
