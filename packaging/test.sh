#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `./dev package test`: what `./dev package` made, tried in minimal roots: booted with systemd, without a network.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

say() { printf '\n== %s\n' "$*"; }
fail() { printf './dev package test: %s\n' "$*" >&2; exit 1; }
. packaging/roots.sh

declare -A RELEASES=([bookworm]=12 [trixie]=13)

# upgraded DEB FOLDER: the same package with a later version and another default configuration
upgraded() {
  local content=$2/content
  dpkg-deb -R "$1" "$content"
  sed -i 's/^\(Version: [^-]*\)-/\1+test1-/' "$content/DEBIAN/control"
  echo "# of the second version" >>"$content/etc/release-guard/release-guard.yml"
  dpkg-deb --root-owner-group -Zgzip -z1 -b "$content" "$2" >/dev/null
  rm -rf "$content"
}

# boot NAME SCRIPT: the root with systemd as its first process, and packaging/try/SCRIPT as what it is for
boot() {
  local folder=$OUT/roots/$1 script=$2
  mkdir -p "$folder/try"
  cp packaging/try/* "$folder/try/"
  echo "127.0.0.1 localhost" >"$folder/etc/hosts"
  cat >"$folder/etc/systemd/system/try.service" <<UNIT
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash -c 'bash /try/$script >/try/log; echo \$\$? >/try/result'
ExecStopPost=/bin/systemctl --no-block exit
StandardError=null
UNIT
  ln -sf ../try.service "$folder/etc/systemd/system/multi-user.target.wants/try.service"
  timeout 900 systemd-nspawn --quiet --register=no --keep-unit --console=pipe --private-network --boot \
    --directory="$folder" </dev/null >"$folder.console" 2>&1 || true
  cat "$folder/try/log"
  [ "$(cat "$folder/try/result" 2>/dev/null)" = 0 ] || fail "$script in $1 failed; the root is $folder"
}

# deb CODENAME
deb() {
  local codename=$1 folder=$OUT/roots/$1-try
  local deb=("$OUT"/release-guard_*~deb"${RELEASES[$codename]}"_amd64.deb)
  [ -e "${deb[0]}" ] || fail "there is no package for $codename: ./dev package $codename"
  root "$codename-host" "$codename" systemd
  say "${deb[-1]##*/} in a minimal $codename"
  fresh "$codename-try" "$codename-host"
  mkdir -p "$folder/debs/first" "$folder/debs/second"
  cp "${deb[-1]}" "$folder/debs/first/"
  upgraded "${deb[-1]}" "$folder/debs/second"
  inside "$codename-try" bash -c 'apt-get -q update && apt-get -q -y --download-only --no-install-recommends install \
    /debs/first/*.deb prometheus prometheus-node-exporter' >"$folder.apt" 2>&1 || fail "apt: $(tail -5 "$folder.apt")"
  boot "$codename-try" deb.sh
  rm -rf "$folder"
}

# No root of that machine can be booted here: qemu runs the program among the libraries it was built with.
arm64() {
  local deb=("$OUT"/release-guard_*_arm64.deb)
  [ -e "${deb[0]}" ] || fail "there is no package for arm64: ./dev package arm64"
  say "${deb[-1]##*/} in qemu"
  inside bookworm-arm64 --bind-ro="$PWD/${deb[-1]}:/deb" bash -euc 'rm -rf /tmp/deb; dpkg-deb -x /deb /tmp/deb
    qemu-aarch64-static /tmp/deb/usr/bin/release-guard --version
    qemu-aarch64-static /tmp/deb/usr/bin/release-guard check --config.file=/tmp/deb/etc/release-guard/release-guard.yml'
}

# On the other Debian than the one it was built on.
tarball() {
  local made=("$OUT"/release-guard-*-linux-amd64.tar.gz)
  [ -e "${made[0]}" ] || fail "there is no tarball: ./dev package tarball"
  [ "$(stat -c %s "${made[-1]}")" -lt 20000000 ] || fail "${made[-1]} is too large"
  root trixie-host trixie systemd
  say "${made[-1]##*/} in a minimal trixie"
  fresh tarball-try trixie-host
  mkdir -p "$OUT/roots/tarball-try/try"
  cp "${made[-1]}" docs/install.md "$OUT/roots/tarball-try/try/"
  boot tarball-try tarball.sh
  rm -rf "$OUT/roots/tarball-try"
}

main() {
  [ $# -gt 0 ] || set -- bookworm trixie tarball
  each_of "./dev package test" "$@"
  printf '\n%s passed, 0 failed\n' $#
}

main "$@"
