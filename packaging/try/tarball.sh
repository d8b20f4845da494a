#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# In a booted root of another Debian than the one it was built on, with the tarball in /try and none of our packages: the
# commands of docs/install.md, and what they leave.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
. ./lib.sh

# The last block of commands of the section.
documented() { sed -n '/^## The tarball/,/^## Build/p' install.md | awk '/^```sh/ { text = ""; take = 1; next } /^```/ { take = 0 } take { text = text $0 "\n" } END { printf "%s", text }'; }
needed() { ldd /usr/local/bin/release-guard | awk '{ print $1 }' | sed 's#.*/##' | sort | paste -sd' '; }

must "the documented commands install it" bash -euc "$(documented)"
soon 20 "it runs" systemctl is-active release-guard
must "it needs the C library alone" is "$(needed)" "ld-linux-x86-64.so.2 libc.so.6 libm.so.6 linux-vdso.so.1"
must "it is ready" release-guard healthcheck
must "the configuration is right" says "^ok: 1 group" release-guard check --config.file=/etc/release-guard/release-guard.yml
must "a release is announced" release-guard release start --id r1 --service shop --environment production --version 2 --previous-version 1
soon 30 "what is missing is said" says "cannot connect" release-guard release status r1 --explain
must "it stops in order" systemctl stop release-guard
must "without a complaint" is "$(systemctl show -P Result release-guard)" success
say "all of it holds"
