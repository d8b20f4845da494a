# SPDX-License-Identifier: Apache-2.0
"""A guard's eventful minute, recorded by a real Prometheus: a release that passes and the next one of its service, one
that is rolled back with a second call of its hook, one that waits for approval until a person aborts it, one whose
rollback is held back, alerts received, messages to a receiver that is not there, the configuration read again. Every
panel has something to show of it."""

import json
import os
from urllib.parse import urlencode

from stack import Guard, Prometheus, get_json, post_json, wait_until
from stack.ports import reserve

HEALTHY, BROKEN = 0.002, 0.2

# The service that is released: a few series that Prometheus makes up by itself.
SERVICE = """
groups:
  - name: service
    rules:
      - {{ record: shop_error_ratio, expr: vector({error_ratio}) }}
      - {{ record: shop_latency_seconds, expr: vector(0.12) }}
      - {{ record: shop_memory_bytes, expr: vector(300000000) }}
      - {{ record: shop_requests, expr: vector(40) }}
"""

RULES = """
defaults: { window: 60s, settle: 3s, interval: 1s, for: 1s, on_no_data: hold, on_error: hold }
groups:
  - name: staging
    match: ['environment="staging"']
    detect: { expr: 'count by (version) (nothing_build_info)' }   # nobody can tell
    window: 12s
    rollback: { mode: observe }
    rules:
      - { slo: error_rate, expr: shop_error_ratio, objective: "< 1%" }
  - name: cart
    match: ['service="cart"']
    rollback: { hook: promote_to_prod, mode: ask }
    rules:
      - { slo: error_rate, expr: shop_error_ratio, objective: "< 1%" }
  - name: everything
    match: ['service=~".+"']
    rollback: { hook: promote_to_prod, mode: enforce, verify: 6s, cooldown: 1s }
    rules:
      - { slo: error_rate, expr: shop_error_ratio, objective: "< 1%" }
      - { slo: latency, expr: shop_latency_seconds, objective: "< 500ms" }
      - { slo: memory, expr: shop_memory_bytes, objective: "< 1GiB", action: warn }
      - { slo: traffic, expr: shop_requests, objective: ">= 50% of baseline", baseline: { over: 3s } }
"""

# Asks to be called again once, as a deployment that is busy does; then takes until somebody writes into the gate.
HOOK = """#!/bin/sh
[ -e called ] && read -r _ < gate && exit 0
touch called
exit 75
"""

ALERT = {"status": "firing", "labels": {"alertname": "HighErrorRate", "service": "shop"}, "annotations": {},
         "startsAt": "2026-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "",
         "fingerprint": "0123456789abcdef"}
NOTIFICATION = {"version": "4", "groupKey": "{}", "truncatedAlerts": 0, "status": "firing", "receiver": "release-guard",
                "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "", "alerts": [ALERT]}


class Scenario:
    """Plays in this stack when made. What Prometheus recorded lies between `began` and `ended`."""

    def __init__(self, stack):
        self.guard = stack.adopt(Guard(stack.directory, {}))
        self.prometheus = stack.adopt(Prometheus(stack.directory, {"release-guard": [self.guard.address]},
                                                 [SERVICE.format(error_ratio=HEALTHY)]))
        self.prometheus.start()
        self._configure_guard()
        self.guard.start()
        wait_until(lambda: self.prometheus.up("release-guard"), "Prometheus scrapes the guard")
        self.began = self.prometheus.value("time()")
        # A baseline is read from the seconds before the release: there must be some.
        wait_until(lambda: self.prometheus.value("count_over_time(shop_requests[4s])") == 4, "the service has a past")
        self._play()
        self.ended = self.prometheus.value("time()")

    def recorded(self, expression):
        """The series the expression has over the whole time: [(labels, [(time, value)])], without NaN."""
        parameters = {"query": expression, "start": self.began, "end": self.ended, "step": "1s"}
        data = get_json(f"{self.prometheus.url}/api/v1/query_range?{urlencode(parameters)}")["data"]
        series = [(one["metric"], [(at, float(value)) for at, value in one["values"]]) for one in data["result"]]
        return [(labels, kept) for labels, values in series if (kept := [v for v in values if v[1] == v[1]])]

    def label_values(self, selector, label):
        """What Grafana offers for a variable: the values of this label among the series of the whole time."""
        parameters = {"match[]": selector, "start": self.began, "end": self.ended}
        return get_json(f"{self.prometheus.url}/api/v1/label/{label}/values?{urlencode(parameters)}")["data"]

    def _configure_guard(self):
        (self.guard.directory / "rules.yml").write_text(RULES)
        hook = self.guard.directory / "promote_to_prod.sh"
        hook.write_text(HOOK)
        hook.chmod(0o755)
        os.mkfifo(self.guard.directory / "gate")
        self._nobody = reserve()
        receiver = self.guard.directory / "team.url"
        receiver.write_text(f"http://{self._nobody.address}/")
        receiver.chmod(0o600)
        self.guard.configuration = {
            "receivers": [{"name": "team", "kind": "webhook", "url_file": "team.url"}],
            "prometheus": {"url": self.prometheus.url, "timeout": "2s"},
            "rule_files": ["rules.yml"],
            "hooks": [{"name": "promote_to_prod", "attempts": 2, "backoff": "1s",
                       "command": {"argv": ["./promote_to_prod.sh"], "dir": ".", "timeout": "10s"}}],
            "brakes": {"breaker": {"services": 0}},  # three services are about to breach at once
            "web": {"external_url": "https://guard.example.org"},
        }

    def _play(self):
        self._announce("calm", "shop", "staging")
        self._announce("bad", "shop", "production", phase="deploying")
        self._announce("doubtful", "cart", "production")
        self._announce("stuck", "till", "production", previous_version="")
        self._wait_recorded("deploying")
        self._order("bad", "live")
        self._wait_recorded("settling")
        self._hear()
        for release in ("bad", "doubtful", "stuck"):
            self.guard.wait_phase(release, "watching")
        self.guard.wait_phase("calm", "passed")
        passed = 'release_guard_release_phase{environment="staging",phase="passed"} == 1'
        wait_until(lambda: self.prometheus.query(passed), "Prometheus has seen it pass")
        self._announce("calmer", "shop", "staging", version="2.1", previous_version="2.0", phase="deploying")
        self._wait_recorded("watching")
        self._serve(BROKEN)
        self._wait_recorded("rolling_back")
        self.guard.wait_phase("doubtful", "awaiting_approval")
        wait_until(lambda: self.guard.release("stuck")["needs_person"], "a rollback is held back")
        self._order("doubtful", "abort")
        (self.guard.directory / "gate").write_text("go\n")
        self._wait_recorded("verifying")
        self._serve(HEALTHY)
        assert self.guard.call("POST", "/-/reload").status == 200
        self._wait_recorded("rolled_back")

    def _announce(self, release, service, environment, **more):
        post_json(f"{self.guard.url}/api/v1/releases", {
            "id": release, "service": service, "environment": environment,
            **{"version": "2.0", "previous_version": "1.9", **more}})

    def _order(self, release, verb):
        answer = self.guard.call("POST", f"/api/v1/releases/{release}/{verb}", b"{}",
                                 {"Content-Type": "application/json"})
        assert answer.status == 200, answer.text

    def _hear(self):
        """The same alert twice, and something that is none."""
        for status, body in ((200, NOTIFICATION), (200, NOTIFICATION), (400, {"version": "3"})):
            answer = self.guard.call("POST", "/api/v1/alertmanager", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
            assert answer.status == status, answer.text

    def _serve(self, error_ratio):
        self.prometheus.rules = [SERVICE.format(error_ratio=error_ratio)]
        self.prometheus.reload()

    def _wait_recorded(self, phase):
        """Waits until Prometheus has seen the bad release in this phase for long enough to draw it, and for a counter
        that rose with it to have an increase."""
        seen = f'release_guard_release_phase{{service="shop",environment="production",phase="{phase}"}} == 1'
        wait_until(lambda: self.prometheus.query(f"count_over_time(({seen})[60s:1s]) >= 2"),
                   f"Prometheus has seen {phase}")
