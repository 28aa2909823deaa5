#!/usr/bin/env bash
# Write constraints.txt anew: the newest versions that pyproject.toml lets in, but for what its comments
# hold back. Run the tests with them before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check ".[redis,postgresql]"
kept=$(sed -n '/^# The last with wheels/,$p' constraints.txt)
{
  sed -n '/^#/p;/^[^#]/q' constraints.txt
  "$folder/bin/python" -m pip freeze --disable-pip-version-check --exclude pikaraoke-enrichment |
    grep -vi '^rapidfuzz=='
  echo "$kept"
} >"$folder/constraints.txt"
mv "$folder/constraints.txt" constraints.txt
