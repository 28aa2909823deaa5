# Sourced by consumer.sh and test.sh: make_venv FOLDER EXTRAS sets up a venv in this checkout.
#
# A second start with nothing changed needs no network. What has changed (pyproject.toml,
# constraints.txt, EXTRAS, the Python) is installed in a venv beside the old one, with what the host had
# in that, and put in its place when it is whole. Where that fails, the network being down or the disk
# full, and where it is killed, the old venv stands as it was and goes on working as long as it can.

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
  # A power cut between the two renames of put_in_place.
  [ -e "$folder" ] || [ ! -e "$folder.old" ] || mv "$folder.old" "$folder"
  version=$("$python" -c 'import sys; print(sys.version)')
  stamp="$folder$extras $version $(cat pyproject.toml constraints.txt)"
  if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.made-for" 2>/dev/null)" = "$stamp" ]; then
    rm -rf "$folder.old" "$folder.new"
    return
  fi
  echo "Setting up $folder (once; it takes a minute) …" >&2
  if make_beside "$folder" "$extras" "$python" "$version" "$stamp"; then
    put_in_place "$folder" "$python"
  else
    rm -rf "$folder.new"
    goes_on_working "$folder"
  fi
}

make_beside() {
  local folder=$1 extras=$2 python=$3 version=$4 stamp=$5 new="$1.new" kept
  rm -rf "$new"
  kept=$(asked_for "$folder")
  if [ "$("$folder/bin/python" -c 'import sys; print(sys.version)' 2>/dev/null)" = "$version" ]; then
    # Links take no space, and pip removes a file before it writes another.
    cp -al "$folder" "$new" 2>/dev/null || { rm -rf "$new" && cp -Rp "$folder" "$new"; } || return 1
    rm -f "$new/.made-for"
  elif ! "$python" -m venv "$new"; then
    echo "No venv could be made: on Debian and Raspberry Pi OS run: sudo apt install python3-venv" >&2
    return 1
  fi
  # Nothing is compiled: on a Pi that takes an hour, and CMake, which nobody has there.
  pip_install "$new" --only-binary rapidfuzz,psycopg-binary --constraint constraints.txt -e ".$extras" ||
    return 1
  # PiKaraoke, say: a host who has put it there starts it from there on Saturday, and it may want
  # other versions than ours of what both need.
  # shellcheck disable=SC2086
  [ -z "$kept" ] || pip_install "$new" $kept || return 1
  # A venv's programs hold the path of their Python.
  { grep -lrI --fixed-strings "$new" "$new/bin" "$new/pyvenv.cfg" || true; } | while read -r file; do
    { sed -i.old "s|$new|$folder|g" "$file" && rm -f "$file.old"; } || exit 1
  done || return 1
  printf '%s' "$stamp" >"$new/.made-for"
}

pip_install() {
  local venv=$1
  shift
  # Told by the environment, two retries hold for the pip that pip starts too.
  PIP_RETRIES=2 "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --prefer-binary "$@" && return
  echo "The packages could not be installed; what pip said stands above." >&2
  return 1
}

# In one step where the system can exchange two folders; else for a moment there is none, which the
# next start would put right.
put_in_place() {
  local folder=$1 python=$2
  # A power cut must not find the new name on the disk and its files not yet.
  sync
  if [ ! -e "$folder" ]; then
    mv "$folder.new" "$folder"
  elif "$python" -c "$EXCHANGE" "$folder" "$folder.new" 2>/dev/null; then
    rm -rf "$folder.new"
  else
    rm -rf "$folder.old"
    mv "$folder" "$folder.old"
    mv "$folder.new" "$folder"
    rm -rf "$folder.old"
  fi
}
# Linux's renameat2 with RENAME_EXCHANGE, from this folder (AT_FDCWD).
EXCHANGE='import ctypes, os, sys
here, there = map(os.fsencode, sys.argv[1:])
sys.exit(ctypes.CDLL(None).renameat2(-100, here, -100, there, 2))'

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
  if "$1/bin/python" -c 'import pikaraoke_enrichment.cli, pikaraoke_enrichment.tasks.consumer' \
    2>/dev/null; then
    echo "Going on with those that $1 holds; the next start tries again." >&2
    return
  fi
  echo "Put that right (is the network up?), then start again." >&2
  return 1
}
