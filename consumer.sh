#!/usr/bin/env bash
# The main job: ./consumer.sh DIR sets itself up in this checkout, scans DIR, enriches it and serves
# the dashboard; ./consumer.sh --demo shows it on made-up files; other arguments: --help.
# ENRICHMENT_EXTRAS=redis,postgresql takes along what servers need that several machines share.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
(
  cd "$here"
  . scripts/venv.sh
  make_venv "$here/.venv" "${ENRICHMENT_EXTRAS:+[$ENRICHMENT_EXTRAS]}"
)
# Fewer memory arenas: four threads would otherwise take a few MB each for nothing.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
if [ "${1:-}" = "--demo" ]; then
  shift
  exec "$here/.venv/bin/pikaraoke-enrichment" demo "$@"
fi
exec "$here/.venv/bin/pikaraoke-enrichment" run "$@"
