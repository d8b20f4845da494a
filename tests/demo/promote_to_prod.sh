#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a version that already runs on the blue or the green copy the one that nginx sends traffic to.
#
#   promote_to_prod.sh VERSION [rollback]
#
# Reads deploy.env in its working directory (where the copies and nginx are) and logs to
# logs/deployments/production.log. Promoting what is live already changes nothing and succeeds.
# Exit codes: 0 done, 75 another deployment is under way (try again), 1 failed, 2 usage.
set -euo pipefail

usage() { echo "usage: promote_to_prod.sh VERSION [rollback]" >&2; exit 2; }
[ $# -ge 1 ] && [ $# -le 2 ] || usage
readonly VERSION=$1 KIND=${2:-release}
case "$KIND" in release | rollback) ;; *) usage ;; esac

# BLUE, GREEN and FRONT as host:port, UPSTREAM: the file nginx includes, NGINX_PID: nginx's pid file
source ./deploy.env
mkdir -p logs/deployments

log() { printf '%s [%s] %s\n' "$(date -u +%H:%M:%S)" "$KIND" "$*" | tee -a logs/deployments/production.log; }

# version_at HOST:PORT -> the version that answers there, nothing if none does
version_at() {
  { exec 3<>"/dev/tcp/${1%:*}/${1#*:}"; } 2>/dev/null || return 0
  printf 'GET /health HTTP/1.0\r\nHost: %s\r\n\r\n' "$1" >&3
  sed -n 's/.*"version": "\([^"]*\)".*/\1/p' <&3
  exec 3>&-
}

exec 9>deploy.lock
flock -n 9 || { log "another deployment is under way"; exit 75; }

target='' colour=''
[ "$(version_at "$BLUE")" != "$VERSION" ] || { target=$BLUE colour=blue; }
[ "$(version_at "$GREEN")" != "$VERSION" ] || { target=$GREEN colour=green; }
[ -n "$target" ] || { log "version $VERSION runs on neither copy"; exit 1; }

log "$VERSION is healthy on $colour ($target)"
if [ "$(version_at "$FRONT")" = "$VERSION" ]; then
  log "$VERSION is live already, nothing to switch"
  exit 0
fi
printf 'upstream live { server %s; }\n' "$target" >"$UPSTREAM.new"
mv "$UPSTREAM.new" "$UPSTREAM"
kill -HUP "$(cat "$NGINX_PID")"
log "switched nginx to $colour, reloading"

# The old workers answer until the new ones have started.
for ((attempt = 0; attempt < 100; attempt++)); do
  if [ "$(version_at "$FRONT")" = "$VERSION" ]; then
    log "$VERSION is live"
    exit 0
  fi
  sleep 0.1
done
log "nginx does not serve $VERSION after 10 s"
exit 1
