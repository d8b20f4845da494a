#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# In a building root, in the folder of the sources: a Debian package in /build/out that lintian finds nothing wrong with.
# FOR names another machine than this one, whose programs qemu runs.
set -euo pipefail
cp -r packaging/debian debian
python3 -B packaging/changelog.py "$CODENAME" >debian/changelog
export DEB_BUILD_OPTIONS="nocheck noautodbgsym parallel=$JOBS"
if [ -n "$FOR" ]; then
  OPTIONS=-DCMAKE_CROSSCOMPILING_EMULATOR=/usr/bin/qemu-aarch64-static \
    dpkg-buildpackage --build=binary --no-sign --host-arch="$FOR" -Pcross
else
  dpkg-buildpackage --build=binary --no-sign
fi
# Debian 12 also remarks that there is no script of another init than systemd, by which the guard is watched; 13 does not.
lintian --allow-root --fail-on=error,warning --display-info ../release-guard_*.changes
mv ../release-guard_*.deb ../out/
