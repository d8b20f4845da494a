#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# In a booted root of its own with /debs/first and /debs/second: the life of the package on a host, from its first minute
# to its purge. The network is the host's own loopback; what apt needs lies in its cache. Prometheus is the real one, and
# node_exporter is the service that breaks.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
. ./lib.sh

readonly CALLS=/var/lib/release-guard/calls

apt() { DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Options::=--force-confold "$@" </dev/null; }
owner() { stat -c '%U:%G %a' "$1"; }
mode_is() { is "$(owner "$1")" "$2"; }
main_pid() { systemctl show -P MainPID release-guard; }
called() { is "$(grep -c "$1" $CALLS)" "$2"; }
stands() { says "\"phase\": *\"$2\"" release-guard release status --json "$1"; }
ours() { find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /debs -o -path "$PWD" -o -path /var/log/journal -o -path /var/cache/apt \) -prune \
  -o -name '*release[-_]guard*' -print; }

first_minute() {
  say "the first minute"
  must "it is installed" apt install /debs/first/*.deb
  soon 20 "it runs" systemctl is-active release-guard
  must "it will run after the next boot" systemctl is-enabled release-guard
  must "it is ready" release-guard healthcheck
  must "the client finds it without flags" says "no releases" release-guard release list
  must "the configuration is right" says "^ok: 1 group" release-guard check --config.file=/etc/release-guard/release-guard.yml
  must "it says that there is no Prometheus" says "Prometheus cannot be asked" journalctl -u release-guard
  must "it says who may ask" says "no tokens are configured" journalctl -u release-guard
  mustnt "systemd has nothing to say of its folders" says "mode is different" journalctl
  must "the journal is the guard's alone" mode_is /var/lib/release-guard "release-guard:release-guard 700"
  must "it is on loopback alone" says "127.0.0.1:8929" journalctl -u release-guard
  must "the guard can read its configuration, and nobody else" mode_is /etc/release-guard "root:release-guard 750"
  must "there is a place for tokens" mode_is /etc/release-guard/secrets "root:release-guard 750"
  must "there are manual pages" test -s /usr/share/man/man1/release-guard-release-start.1.gz
  must "bash completes it" bash -c '. /usr/share/bash-completion/completions/release-guard; complete -p release-guard'
}

one_command_later() {
  say "one command later"
  must "Prometheus is installed" apt install --no-install-recommends prometheus prometheus-node-exporter
  must "the shipped rules pass their tests" bash -c 'release-guard test /usr/share/release-guard/rules/*.test.yml'
  soon 30 "Prometheus answers" says "^ok: 1 group" release-guard check --config.file=/etc/release-guard/release-guard.yml
  must "a release is announced" release-guard release start --id watched --service prometheus --environment production \
    --version 2 --previous-version 1
  must "it is watched" says "rule group\|rules  *any-service, mode observe" release-guard release status watched
  soon 150 "its instances are up" says "^  instances_up  *100% .*ok" release-guard release status watched
}

a_mistake() {
  say "a mistake in the configuration"
  cp -p /etc/release-guard/release-guard.yml /tmp/before.yml
  echo "nonsense: 1" >>/etc/release-guard/release-guard.yml
  mustnt "it is refused" systemctl reload release-guard
  must "the journal says where it is" says "release-guard.yml:[0-9]*:1: .*nonsense" journalctl -u release-guard
  must "the guard goes on" release-guard healthcheck
  cp -p /tmp/before.yml /etc/release-guard/release-guard.yml
}

the_socket() {
  say "systemd holds the port"
  mustnt "it does not by itself" systemctl is-enabled release-guard.socket
  must "it is enabled" bash -ec 'systemctl enable release-guard.socket && systemctl stop release-guard
    systemctl start release-guard.socket release-guard'
  must "the guard listens on it" release-guard healthcheck
  must "systemd stops the guard" systemctl stop release-guard
  soon 20 "who asks starts it again" release-guard healthcheck
  must "both end" systemctl stop release-guard.socket release-guard
  must "it is disabled" systemctl disable release-guard.socket
  must "the guard listens by itself" systemctl start release-guard
  soon 20 "it is ready" release-guard healthcheck
}

a_rollback() {
  say "a rollback"
  cat >/etc/release-guard/rules/00-node.yml <<'R'
defaults: { on_no_data: hold, on_error: hold }
groups:
  - name: node
    match: ['service="node"']
    window: 30m
    settle: 0s
    interval: 2s
    rollback: { hook: back, mode: enforce, verify: 20m }
    rules:
      - { slo: up, expr: 'min(up{job="node"})', objective: ">= 1", for: 2s }
R
  cat >/usr/local/bin/back <<'B'
#!/bin/sh
echo "begun $RELEASE_GUARD_RELEASE" >>/var/lib/release-guard/calls
while [ ! -e /var/lib/release-guard/may-end ]; do sleep 0.2; done
echo "ended $RELEASE_GUARD_RELEASE" >>/var/lib/release-guard/calls
B
  chmod 755 /usr/local/bin/back
  printf '\nhooks:\n  - { name: back, command: { argv: [/usr/local/bin/back], timeout: 10m } }\n' >>/etc/release-guard/release-guard.yml
  must "the edited configuration is read" systemctl reload release-guard
  soon 60 "it is in force" says "configuration reloaded" journalctl -u release-guard
  must "a release of the other service is announced" release-guard release start --id broken --service node --environment production \
    --version 3 --previous-version 2
  soon 60 "it is watched" stands broken watching
  soon 60 "it holds at first" says "^  up  .*ok" release-guard release status broken
  must "the service stops" systemctl stop prometheus-node-exporter
  soon 90 "its rollback is called" called begun 1
}

upgrade() {
  say "an upgrade over a running watch and a running rollback"
  local before configuration
  before=$(main_pid)
  configuration=$(md5sum </etc/release-guard/release-guard.yml)
  must "it is upgraded" apt install /debs/second/*.deb
  must "to the second version" says '+test1' dpkg-query -W release-guard
  soon 20 "it runs" systemctl is-active release-guard
  mustnt "another process than before" is "$before" "$(main_pid)"
  must "the edited configuration is kept" is "$(md5sum </etc/release-guard/release-guard.yml)" "$configuration"
  must "the new one lies beside it" test -e /etc/release-guard/release-guard.yml.dpkg-dist
  must "its folder is as it was" mode_is /etc/release-guard "root:release-guard 750"
  soon 20 "the watch goes on" says "any-service" release-guard release status watched
  soon 60 "its objectives are read again" says "^  instances_up  *100% .*ok" release-guard release status watched
  must "the rollback still runs" stands broken "rolling_back"
  touch /var/lib/release-guard/may-end
  soon 60 "its end is heard of" stands broken verifying
  must "it was called once" called begun 1
  must "and came to its end" called ended 1
  must "nothing failed" is "$(systemctl show -P NRestarts release-guard)" 0
}

removal() {
  say "removal"
  must "systemd holds the port before" bash -ec 'systemctl stop release-guard; systemctl start release-guard.socket release-guard'
  must "it is removed" apt remove release-guard
  mustnt "it no longer runs" systemctl is-active release-guard
  mustnt "nor does systemd listen for it" systemctl is-active release-guard.socket
  mustnt "its program is gone" test -e /usr/bin/release-guard
  must "the journal is kept" test -s /var/lib/release-guard/journal.db
  must "the configuration is kept" grep -q back /etc/release-guard/release-guard.yml
  must "it is installed again" apt install /debs/second/*.deb
  soon 20 "it runs" systemctl is-active release-guard
  must "it knows the release" says "any-service" release-guard release status watched
  must "it was called once" called begun 1
  must "it is purged" apt purge release-guard
  mustnt "it no longer runs" systemctl is-active release-guard
  mustnt "no process is left" grep -lqs release-guard /proc/[0-9]*/comm
  must "what others wrote is kept, nothing else" is "$(ours; ls /etc/release-guard/rules)" "$(printf '/etc/release-guard\n00-node.yml')"
  must "the user keeps its number" id release-guard
}

first_minute
one_command_later
a_mistake
the_socket
a_rollback
upgrade
removal
say "all of it holds"
