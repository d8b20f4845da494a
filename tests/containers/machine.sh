#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# machine.sh ROOT STORE COMMAND...: in namespaces of its own (containers.sh makes them) the root becomes the whole system,
# with the images in STORE and the repository at /repository, and COMMAND runs in it. What is mounted and started here
# ends with the namespaces.
set -euo pipefail

readonly ROOT=$1 STORE=$2 REPOSITORY=$PWD
shift 2

# Containers never get more than who starts them has; some machines let nobody have what podman gives by itself.
# crun knows no machine whose control groups are of both versions; runc does.
configure_podman() {
  mkdir -p "$ROOT/etc/containers"
  cat >"$ROOT/etc/containers/containers.conf" <<TOML
[containers]
default_ulimits = ["nofile=$(ulimit -Sn):$(ulimit -Hn)", "nproc=$(ulimit -Su):$(ulimit -Hu)"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
firewall_driver = "nftables"
TOML
}

lay_out() {
  mount --bind "$ROOT" "$ROOT"
  mount -t proc proc "$ROOT/proc"
  mount --rbind /sys "$ROOT/sys"
  mount --rbind /dev "$ROOT/dev"
  local folder
  for folder in dev/shm run tmp; do mount -t tmpfs tmpfs "$ROOT/$folder"; done
  mkdir -p "$ROOT/repository" "$ROOT/var/lib/containers" "$ROOT/outside"
  mount --bind "$REPOSITORY" "$ROOT/repository"
  mount --bind "$STORE" "$ROOT/var/lib/containers"
  cat /etc/resolv.conf >"$ROOT/etc/resolv.conf"
}

lay_out
configure_podman
cd "$ROOT"
pivot_root . outside
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
umount -l /outside
cd /repository
ip link set lo up
exec env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 PODMAN_IGNORE_CGROUPSV1_WARNING=1 "$@"
