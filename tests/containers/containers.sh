#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `./dev containers`: the images are built, and docker-compose.yml does its job with them. As root; nothing of it is
# installed here: the containers' engine is that of a minimal Debian 13 in build/packages/roots, and runs in namespaces of
# its own, so that neither a process nor a network is left, however this ends. The images stay in build/containers, which
# makes the next time quick.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

say() { printf '\n== %s\n' "$*"; }
fail() { printf './dev containers: %s\n' "$*" >&2; exit 1; }
. packaging/roots.sh

readonly WORK=build/containers

# machine [OPTION...] -- COMMAND...: the command in the engine's root; options are those of unshare. What is killed with this
# script is killed with all that it started.
machine() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  setpriv --pdeathsig KILL -- unshare --mount --pid --ipc --uts --fork --kill-child --propagation slave "${options[@]}" \
    tests/containers/machine.sh "$PWD/$OUT/roots/trixie-engine" "$PWD/$WORK/store" "$@" </dev/null &
  running=$!
  wait "$running"
  running=
}

# Control groups are no namespace's: podman's stay, and can be removed once the last process in them is gone.
remove_groups() {
  find /sys/fs/cgroup -depth -type d \( -path '*/libpod_parent*' -o -path '*/buildah-buildah*' \) -exec rmdir {} + 2>/dev/null
}

clean() {
  local end=$((SECONDS + 10))
  if [ -n "${running:-}" ]; then
    kill -KILL "$running" 2>/dev/null || true
    wait "$running" 2>/dev/null || true
  fi
  until remove_groups || [ "$SECONDS" -ge "$end" ]; do sleep 0.2; done
  rm -rf "$WORK/checkout"
}

# A network that shows certificates of its own is reached from where the images are built as it is from here.
trust() { cp -r /usr/local/share/ca-certificates "$OUT/roots/trixie-base/usr/local/share/"; }

# What a user has who has cloned the repository: `docker build` and the lines at the head of docker-compose.yml start here.
checkout() {
  rm -rf "$WORK/checkout"
  mkdir -p "$WORK/checkout" "$WORK/store" "$WORK/ccache"
  tar -c --exclude=./build --exclude=./.git --exclude=./secrets --exclude=node_modules --exclude=__pycache__ . |
    tar -x -C "$WORK/checkout" --no-same-owner
}

main() {
  [ "$(id -u)" = 0 ] || fail "roots can only be made by root: sudo ./dev containers"
  mkdir -p "$WORK"
  exec {lock}>"$WORK/lock"
  flock --nonblock "$lock" || fail "it runs already"
  trap clean EXIT
  trap 'exit 130' INT TERM HUP
  local engine peers
  mapfile -t engine < <(listed trixie engine)
  mapfile -t peers < <(listed trixie servers peers)
  root trixie-engine trixie "${engine[@]}"
  root trixie-base trixie
  trust
  root trixie-peers trixie "${peers[@]}"
  checkout
  say "images"
  machine -- python3 -B tests/containers/images.py "$WORK/checkout"
  say "docker-compose.yml"
  machine --net -- python3 -B tests/containers/judge.py "$WORK/checkout"
}

main "$@"
