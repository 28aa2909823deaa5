#!/usr/bin/env bash
# All tests: ./test.sh sets itself up in this checkout and runs them; arguments go to pytest.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
. scripts/venv.sh
make_venv "$PWD/.venv-test" "[test]"
exec .venv-test/bin/python -m pytest "$@"
