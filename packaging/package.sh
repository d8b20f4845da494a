#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `./dev package`: Debian packages and a tarball in build/packages, each built in a minimal root of its Debian.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. packaging/roots.sh

readonly JOBS=${JOBS:-$(nproc)}

say() { printf '\n== %s\n' "$*"; }
fail() { printf './dev package: %s\n' "$*" >&2; exit 1; }

version() { sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt; }

# made_of REVISION|DATE: what `--version` says of the sources
made_of() {
  cmake -DHEADER="$PWD/$OUT/revision.hpp" -P cmake/revision.cmake
  sed -n "s/^#define RELEASE_GUARD_$1 \"\(.*\)\"/\1/p" "$OUT/revision.hpp"
}

# builder CODENAME: the root that packages for this Debian are built in. The page's modules come with the sources.
builder() {
  local wanted
  mapfile -t wanted < <(listed "$1" build deb | grep -vx npm)
  root "$1-build" "$1" "${wanted[@]}"
}

# The same for arm64: compilers for it, its libraries, and qemu, which runs the program to have its manual written.
cross_builder() {
  local wanted
  mapfile -t wanted < <(listed "$1" build deb cross | grep -vxE 'npm|.*-dev')
  FOREIGN=arm64 root "$1-arm64" "$1" "${wanted[@]}"
  inside "$1-arm64" --bind-ro="$PWD/packaging:/packaging" bash -c 'apt-get -q update && apt-get -q -y --no-install-recommends \
    --host-architecture arm64 build-dep /packaging/' >"$OUT/roots/$1-arm64.apt" || fail "see $OUT/roots/$1-arm64.apt"
}

# sources FOLDER: what a package is made of, without tests
sources() {
  rm -rf "$1"
  mkdir -p "$1"
  tar -c --exclude=__pycache__ ./*.txt ./*.json ./*.md ./*.yml ./*.service ./*.socket LICENSE packages.list \
    alertmanager cmake dashboards docs exporters guard packaging rules | tar -x -C "$1" --no-same-owner
}

# build CODENAME SCRIPT [arm64]: the sources in this Debian's root, built by packaging/inside/SCRIPT; what it leaves in
# /build/out is kept.
build() {
  local codename=$1 script=$2 for=${3:-} name=$1-${3:-build} work=$OUT/work/$1-${2%.sh}${3:-}
  if [ -n "$for" ]; then cross_builder "$codename"; else builder "$codename"; fi
  say "${script%.sh} for $codename $for"
  sources "$work/release-guard-$(version)"
  mkdir -p "$OUT/ccache" "$work/out"
  inside "$name" --bind="$PWD/$work:/build" --bind="$PWD/$OUT/ccache:/ccache" --chdir="/build/release-guard-$(version)" \
    --setenv=CCACHE_DIR=/ccache --setenv=JOBS="$JOBS" --setenv=CODENAME="$codename" --setenv=FOR="$for" \
    --setenv=RELEASE_GUARD_REVISION="$(made_of REVISION)" --setenv=RELEASE_GUARD_DATE="$(made_of DATE)" \
    bash "packaging/inside/$script"
  mv -f "$work"/out/* "$OUT/"
  rm -rf "$work"
}

# Every library that dpkg-shlibdeps found has role runtime, which the container image installs. Debian 13's RE2 is asked for
# with the Abseil it was built with.
hold_against_list() {
  local unlisted
  unlisted=$(comm -13 <(listed "$2" runtime) <(dpkg-deb -f "$1" Depends | tr ',' '\n' | awk '$1 ~ /^lib/ { sub(/-absl[0-9]+$/, "", $1); print $1 }' |
    grep -vxE 'libc6|libgcc-s1|libstdc\+\+6' | sort -u))
  [ -z "$unlisted" ] || fail "${1##*/} needs what packages.list does not have as runtime: $unlisted"
}

deb() {
  build "$1" deb.sh
  hold_against_list "$(ls -t "$OUT"/release-guard_*.deb | head -1)" "$1"
}
arm64() { build bookworm deb.sh arm64; }
tarball() { build bookworm tarball.sh; }   # the older C library serves newer systems too

main() {
  [ $# -gt 0 ] || set -- bookworm trixie tarball
  each_of "./dev package" "$@"
  say "made"
  ls -lh "$OUT"/release-guard*
}

main "$@"
