#!/bin/sh
# Makes .venv complete: `install.sh` for running the site, `install.sh dev` for its tests as well. Quick when nothing
# changed. An install that was cut short has no stamp, so the next run repairs it.
set -eu
umask 022
cd "$(dirname "$0")/.."

die() {
    echo "$1" >&2
    exit 1
}

files=requirements.txt
[ "${1:-}" = dev ] && files="requirements.txt requirements-dev.txt"
stamp=.venv/installed-${1:-site}
wanted=$(cat $files | cksum)

if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

[ -w . ] || die "The project folder $(pwd) cannot be written by this user: change its owner, or clone it elsewhere."

python=
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null) || die "Python is missing: install Python 3.11 or newer (apt-get install python3 python3-venv)."
    die "$found is too old: install Python 3.11 or newer."
fi
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    die "Python has no venv: install the package python3-venv (apt-get install python3-venv)."

# One install at a time; whoever waited finds it done. The lock lies outside .venv, which may be made anew.
mkdir -p .cache
if command -v flock >/dev/null 2>&1 && [ -z "${INSTALL_LOCKED:-}" ]; then
    INSTALL_LOCKED=1 exec flock .cache/install.lock sh "$0" "$@"
fi

# Says every few seconds how far pip is: first it fetches all packages, then it unpacks one after the other.
installed() {
    ls -d .venv/lib/python3*/site-packages/*.dist-info 2>/dev/null | wc -l
}
watch() {
    before=$(installed)
    while sleep 5 >/dev/null 2>&1; do
        count=$(($(installed) - before))
        doing="fetching them"
        [ "$count" -gt 0 ] && doing="$count installed"
        echo "  $doing, $(($(date +%s) - begun)) seconds so far"
    done
}

begun=$(date +%s)
echo "Installing what the ${1:-site} needs (a minute or two, once):" | sed 's/dev needs/tests need/'
rm -f .venv/installed-*
if [ -f .venv/installing ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "- an environment of its own for Python, in .venv"
    "$python" -m venv --clear .venv >/dev/null ||
        die "Python cannot make a virtual environment: install the package python3-venv (apt-get install python3-venv)."
fi
touch .venv/installing # still there at the next run: this one was cut short, and half a package may lie about
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" 2>/dev/null' EXIT
trap 'exit 130' INT TERM
for file in $files; do
    echo "- $(grep -c '^[a-zA-Z0-9]' "$file") packages of $file, each checked against its hash"
    watch &
    watcher=$!
    # PIP_USER and PIP_TARGET would install elsewhere; other PIP_* settings, such as an index of your own, are kept.
    env -u PIP_USER -u PIP_TARGET -u PIP_PREFIX -u PIP_REQUIRE_VIRTUALENV \
        .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$file" ||
        die "Installing $file failed; the lines above say why. Running the same command again goes on from here."
    kill "$watcher" 2>/dev/null || true
    watcher=
done
for file in site ${1:-}; do
    case $file in
        site) cat requirements.txt ;;
        dev) cat requirements.txt requirements-dev.txt ;;
    esac | cksum >".venv/installed-$file"
done
rm .venv/installing
.venv/bin/python -m blog.fontmaking || true # without them readers see the fonts of their devices
echo "Installed in $(($(date +%s) - begun)) seconds."
