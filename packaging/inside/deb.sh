#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# In a building root, in the folder of the sources: a Debian package in /build/out that lintian finds nothing wrong with.
set -euo pipefail
cp -r packaging/debian debian
python3 -B packaging/changelog.py "$CODENAME" >debian/changelog
DEB_BUILD_OPTIONS="nocheck noautodbgsym parallel=$JOBS" dpkg-buildpackage --build=binary --no-sign
lintian --allow-root --fail-on=error,warning,info --display-info ../release-guard_*.changes
mv ../release-guard_*.deb ../out/
