# Sourced by consumer.sh and test.sh: make_venv FOLDER EXTRAS sets up a venv in this checkout, once.
# It is made again only when EXTRAS, pyproject.toml, the Python or the checkout's place has changed,
# so that a second start needs no network.

find_python() {
  local name
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python3.10 python}; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "Python 3.10 or newer is needed and was not found: install it, or name it with PYTHON=…" >&2
  return 1
}

make_venv() {
  local folder=$1 extras=$2 python stamp
  python=$(find_python) || return 1
  stamp="$folder$extras $("$python" -c 'import sys; print(sys.version)') $(cat pyproject.toml)"
  if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.made-for" 2>/dev/null)" = "$stamp" ]; then
    return
  fi
  echo "Setting up $folder (once; it takes a minute) …" >&2
  if ! "$python" -m venv --clear "$folder"; then
    echo "No venv could be made: on Debian and Raspberry Pi OS run: sudo apt install python3-venv" >&2
    return 1
  fi
  if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -e ".$extras"; then
    echo "The packages could not be installed (is the network up?): try again" >&2
    return 1
  fi
  printf '%s' "$stamp" >"$folder/.made-for"
}
