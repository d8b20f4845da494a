#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# In a building root, in the folder of the sources: /build/out/release-guard-VERSION-linux-ARCH.tar.gz, whose program needs
# the C library and nothing else. Where Debian has only the shared library of something, its source package is built.
set -euo pipefail
readonly SOURCES=(fmtlib prometheus-cpp cpp-httplib)
readonly STATIC=/build/static
readonly NAME=${PWD##*/}-linux-$(dpkg --print-architecture)

# apt_sources ARGUMENT...: apt-get with the source packages of this Debian, which the root itself does not list
apt_sources() {
  apt-get -q -o Dir::Etc::SourceList=/build/sources.list -o Dir::State::Lists=/build/lists -o APT::Sandbox::User=root "$@"
}

# archive NAME FOLDER OPTION...: the static library of these sources, as $STATIC/lib/libNAME.a
archive() {
  local made=$2/made
  cmake -G Ninja -S "$2" -B "$made" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "${@:3}" >/dev/null
  ninja -C "$made" -j "$JOBS" >/dev/null
  cp "$(find "$made" -name '*.a')" "$STATIC/lib/lib$1.a"
}

libraries() {
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >/build/sources.list
  mkdir -p /build/lists /build/libraries "$STATIC/lib/pkgconfig"
  apt_sources update
  (cd /build/libraries && apt_sources source "${SOURCES[@]}")
  archive fmt /build/libraries/fmtlib-*/ -DFMT_TEST=OFF -DFMT_DOC=OFF
  archive prometheus-cpp-core /build/libraries/prometheus-cpp-*/ -DENABLE_PULL=OFF -DENABLE_PUSH=OFF -DENABLE_TESTING=OFF -DENABLE_COMPRESSION=OFF
  archive cpp-httplib /build/libraries/cpp-httplib-*/ -DHTTPLIB_COMPILE=ON -DHTTPLIB_REQUIRE_OPENSSL=ON -DHTTPLIB_REQUIRE_ZLIB=ON \
    -DHTTPLIB_REQUIRE_BROTLI=ON
  # The same options as Debian's, whose header is used.
  cat >"$STATIC/lib/pkgconfig/cpp-httplib.pc" <<PC
Name: cpp-httplib
Description: the static library
Version: 0
$(sed -n 's/-I[^ ]*//; /^Cflags:/p' "$(find /usr/lib -name cpp-httplib.pc)")
Libs: -L$STATIC/lib -lcpp-httplib
Requires: openssl zlib libbrotlidec libbrotlienc libbrotlicommon
PC
}

# As the Debian package is compiled, so that its objects serve for both.
program() {
  cp -r packaging/debian debian
  python3 -B packaging/changelog.py "$CODENAME" >debian/changelog
  export DEB_BUILD_OPTIONS=parallel=$JOBS PKG_CONFIG_PATH=$STATIC/lib/pkgconfig
  debian/rules override_dh_auto_configure OPTIONS="-DRELEASE_GUARD_STATIC=ON -DCMAKE_PREFIX_PATH=$STATIC -DCMAKE_INSTALL_PREFIX=/usr/local"
  dh_auto_build --buildsystem=cmake+ninja
  DESTDIR=/build/tree cmake --install obj-* --strip
}

# What is in the program beside ours, and under which terms.
licenses() {
  local folder=$1 source
  mkdir "$folder"
  cp LICENSE "$folder/release-guard"
  cp packaging/debian/copyright "$folder/page"
  for source in "${SOURCES[@]}"; do cp /build/libraries/"$source"-*/debian/copyright "$folder/$source"; done
  for source in libabsl-dev libboost1.81-dev libbrotli-dev libcli11-dev libre2-dev libsqlite3-dev libssl-dev \
    libstdc++-12-dev libyaml-cpp-dev zlib1g-dev; do
    cp -L "/usr/share/doc/$source/copyright" "$folder/${source%-dev}"
  done
}

libraries
program
top=/build/$NAME
mv /build/tree/usr/local "$top"
mv /build/tree/etc "$top/etc"
cp README.md LICENSE CHANGELOG.md "$top/"
licenses "$top/licenses"
echo "needs of the system:"
ldd "$top/bin/release-guard"
tar -C /build --sort=name --owner=0 --group=0 --numeric-owner --mtime="$RELEASE_GUARD_DATE" -czf "/build/out/$NAME.tar.gz" "$NAME"
