#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a version that already runs on the blue or the green copy the one that nginx sends traffic to: smoke tests on the
# copy, the switch, smoke tests on the front, and a grace in which the old colour stays as it is.
#
#   promote_to_prod.sh VERSION [rollback | rehearse]
#
# Reads deploy.env in its working directory (where the copies and nginx are), and adds a line to
# logs/deployments/production.log. Promoting what is live already changes nothing and succeeds; `rehearse` only says
# whether VERSION could be promoted.
# Exit codes: 0 done, 75 another deployment is under way (try again), 1 failed, 2 usage.
set -euo pipefail

usage() { echo "usage: promote_to_prod.sh VERSION [rollback | rehearse]" >&2; exit 2; }
[ $# -ge 1 ] && [ $# -le 2 ] || usage
readonly VERSION=$1 KIND=${2:-release}
case "$KIND" in release | rollback | rehearse) ;; *) usage ;; esac

# BLUE, GREEN and FRONT as host:port, UPSTREAM: the file nginx includes, NGINX_PID: nginx's pid file
source ./deploy.env
readonly GRACE=${GRACE:-120}   # seconds
mkdir -p logs/deployments

say() { printf '%b%s\033[0m %s\n' "$1" "$2" "$3"; }
info() { say '\033[34m' "ℹ️ " "$*"; }
good() { say '\033[32m' "✅" "$*"; }
bad() { say '\033[31m' "❌" "$*"; exit 1; }

# version_at HOST:PORT -> the version that answers there, nothing if none does
version_at() {
  { exec 3<>"/dev/tcp/${1%:*}/${1#*:}"; } 2>/dev/null || return 0
  printf 'GET /health HTTP/1.0\r\nHost: %s\r\n\r\n' "$1" >&3
  sed -n 's/.*"version": "\([^"]*\)".*/\1/p' <&3
  exec 3>&-
}

# smoke_test HOST:PORT: does VERSION answer there? With retries, for a reload takes a moment.
smoke_test() {
  for ((attempt = 0; attempt < 100; attempt++)); do
    [ "$(version_at "$1")" != "$VERSION" ] || return 0
    sleep 0.1
  done
  return 1
}

exec 9>deploy.lock
flock -n 9 || { info "another deployment is under way"; exit 75; }

target='' colour='' other=''
[ "$(version_at "$BLUE")" != "$VERSION" ] || { target=$BLUE colour=blue other=green; }
[ "$(version_at "$GREEN")" != "$VERSION" ] || { target=$GREEN colour=green other=blue; }
[ -n "$target" ] || bad "version $VERSION runs on neither copy"
good "$VERSION is healthy on $colour"
[ "$KIND" != rehearse ] || { good "it could be promoted"; exit 0; }

previous=$(version_at "$FRONT")
if [ "$previous" = "$VERSION" ]; then
  good "$VERSION is live already, nothing to switch"
  exit 0
fi
info "switching from $previous on $other to $VERSION on $colour"
printf 'upstream live { server %s; }\n' "$target" >"$UPSTREAM.new"
mv "$UPSTREAM.new" "$UPSTREAM"
kill -HUP "$(cat "$NGINX_PID")"
smoke_test "$FRONT" || bad "the front does not serve $VERSION after 10 s"
good "$VERSION is live"
printf '%s | %s | %s | %s | %s->%s\n' "$(date -u +%FT%TZ)" "$VERSION" "$VERSION" "$previous" "$other" "$colour" \
  >>logs/deployments/production.log
info "grace: $other stays for another ${GRACE}s"
sleep "$GRACE"
good "$KIND of $VERSION is done"
