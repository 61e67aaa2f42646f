#!/bin/sh
# System packages that only tests need. Installed through apt when we are root; otherwise one line says what to
# install and the run fails: a test is never skipped in silence.
set -eu

missing=""
need() { # need COMMAND PACKAGE [PACKAGE ...]
    command -v "$1" >/dev/null 2>&1 && return 0
    shift
    missing="$missing $*"
}

browser="chromium"
# Ubuntu's chromium package is a stub for a snap; a Chrome or Chromium under another name serves as well.
command -v google-chrome >/dev/null 2>&1 || need "$browser" chromium
need firefox-esr firefox-esr
# the C data plane, and its builds under the sanitizers
need gcc gcc libc6-dev
include="$("${PYTHON:-python3}" -c 'import sysconfig; print(sysconfig.get_path("include"))')"
[ -e "$include/Python.h" ] || missing="$missing python3-dev"
need espeak-ng espeak-ng
need ip iproute2
need redis-server redis-server
need caddy caddy
need turnserver coturn
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
fc-list 2>/dev/null | grep -q . || missing="$missing fonts-noto-core"

# The benchmark's other server and its load generator: sh tests/system-packages.sh bench
if [ "${1:-}" = bench ]; then
    need janus janus
    need cc gcc libc6-dev
fi

# The image without Docker: sh tests/system-packages.sh image
if [ "${1:-}" = image ]; then
    need debootstrap debootstrap
    need unshare util-linux
fi

[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "tests need system packages, installing:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    # Debian's packages start a server; tests and the benchmark start their own.
    for server in janus caddy; do
        case "$missing " in *" $server "*) ! [ -d /run/systemd/system ] || systemctl disable --quiet --now "$server" ;; esac
    done
else
    echo "tests need system packages: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
