# Sourced by consumer.sh and test.sh: make_venv FOLDER EXTRAS sets up a venv in this checkout.
#
# A second start with nothing changed needs no network. Where packages have changed (pyproject.toml,
# constraints.txt, EXTRAS), they are installed into the venv that is there; where the Python has, a new
# venv is made beside the old one, with what the host had installed in that, and put in its place when
# it is whole. Where that fails, the network being down, the old venv goes on working as long as it can.

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
  local folder=$1 extras=$2 python version stamp
  python=$(find_python) || return 1
  # A power cut between two renames of make_anew.
  [ -e "$folder" ] || [ ! -e "$folder.old" ] || mv "$folder.old" "$folder"
  failed=
  version=$("$python" -c 'import sys; print(sys.version)')
  stamp="$folder$extras $version $(cat pyproject.toml constraints.txt)"
  if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.made-for" 2>/dev/null)" = "$stamp" ]; then
    return
  fi
  echo "Setting up $folder (once; it takes a minute) …" >&2
  if [ "$("$folder/bin/python" -c 'import sys; print(sys.version)' 2>/dev/null)" = "$version" ]; then
    install_into "$folder" "$extras" || goes_on_working "$folder" || return 1
  else
    make_anew "$folder" "$extras" "$python" || goes_on_working "$folder" || return 1
  fi
  [ -n "$failed" ] || printf '%s' "$stamp" >"$folder/.made-for"
}

# Nothing is compiled: on a Pi that takes an hour, and CMake, which nobody has there.
install_into() {
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --retries 2 \
    --prefer-binary --only-binary rapidfuzz,psycopg-binary \
    --constraint constraints.txt -e ".$2" && return
  echo "The packages could not be installed; what pip said stands above." >&2
  return 1
}

make_anew() {
  local folder=$1 extras=$2 python=$3 new="$1.new" kept
  rm -rf "$new"
  if ! "$python" -m venv "$new"; then
    echo "No venv could be made: on Debian and Raspberry Pi OS run: sudo apt install python3-venv" >&2
    return 1
  fi
  install_into "$new" "$extras" || return 1
  kept=$(asked_for "$folder")
  # PiKaraoke, say: a host who has put it there starts it from there on Saturday.
  [ -z "$kept" ] ||
    "$new/bin/python" -m pip install --quiet --disable-pip-version-check --prefer-binary $kept ||
    return 1
  # A venv's programs hold the path of their Python.
  grep -lrI --fixed-strings "$new" "$new/bin" "$new/pyvenv.cfg" | while read -r file; do
    sed -i.old "s|$new|$folder|g" "$file" && rm -f "$file.old"
  done
  rm -rf "$folder.old"
  [ ! -e "$folder" ] || mv "$folder" "$folder.old"
  mv "$new" "$folder"
  rm -rf "$folder.old"
}

# What somebody has installed in a venv beside us, as pip notes it: NAME==VERSION.
asked_for() {
  local note
  for note in "$1"/lib/python*/site-packages/*.dist-info/REQUESTED; do
    [ -e "$note" ] || continue
    note=$(basename "$(dirname "$note")" .dist-info)
    case $note in
      pikaraoke_enrichment-* | pip-* | setuptools-* | wheel-*) ;;
      *) echo "${note%-*}==${note##*-}" ;;
    esac
  done
}

# Whether the venv can do without what could not be installed: then the party goes on, and the next
# start tries again.
goes_on_working() {
  failed=1
  if "$1/bin/python" -c 'import pikaraoke_enrichment.cli, pikaraoke_enrichment.tasks.consumer' \
    2>/dev/null; then
    echo "Going on with those that $1 holds; the next start tries again." >&2
    return
  fi
  echo "Put that right (is the network up?), then start again." >&2
  return 1
}
