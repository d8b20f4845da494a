# SPDX-License-Identifier: Apache-2.0
"""What most end-to-end tests watch: releases of a service `shop`, by a guard whose hook writes down each call."""

import json

import yaml

from stack import Guard, wait_until

SERVICE = {"service": "shop", "environment": "production"}
HOOK = """#!/bin/sh
echo "$RELEASE_GUARD_IDEMPOTENCY_KEY $RELEASE_GUARD_ATTEMPT" >> calls.log
"""

E2E = {"slo": "e2e", "signal": "e2e", "objective": "succeeded"}   # breaks at the pipeline's word, without a Prometheus
ERRORS = {"slo": "errors", "expr": "errors", "objective": "< 1%", "for": "1s"}
PATIENT = {"window": "25s", "settle": "1s"}   # a window that a test's restarts fit into


def group(*rules, name="shop", match=('service="shop"',), window="4s", settle="1s", **rollback):
    """A rule group with windows of seconds; `rollback` overrides its rollback settings."""
    return {"name": name, "match": list(match), "window": window, "settle": settle, "interval": "1s",
            "rollback": {"hook": "undo", "mode": "enforce", "verify": "20s", "cooldown": "1s", **rollback},
            "defaults": {"on_no_data": "hold", "on_error": "hold"}, "rules": list(rules)}


class ShopGuard(Guard):
    """hook: shell lines that the hook runs after it wrote down its call. `more` goes into the configuration file."""

    def __init__(self, stack, *groups, hook="", hook_keys=None, **more):
        super().__init__(stack.directory, {})
        undo = {"name": "undo", "command": {"argv": ["./undo.sh"], "timeout": "30s"}, "backoff": "1s", **(hook_keys or {})}
        self.configuration = {"rule_files": ["rules.yml"], "hooks": [undo], **more}
        self.write_hook(hook)
        self.write_rules(*groups)
        stack.adopt(self)

    def write_rules(self, *groups):
        (self.directory / "rules.yml").write_text(yaml.safe_dump({"groups": list(groups)}, sort_keys=False))

    def write_hook(self, lines):
        path = self.directory / "undo.sh"
        path.write_text(HOOK + lines + "\n")
        path.chmod(0o755)

    def keys(self):
        """The idempotency key of each call of the hook so far, in order."""
        log = self.directory / "calls.log"
        return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []

    def post(self, path, **body):
        """The Answer to a JSON POST, whatever its status."""
        return self.call("POST", f"/api/v1/releases{path}", json.dumps(body).encode(),
                         {"Content-Type": "application/json"})

    def announce(self, release, **body):
        """Announces shop v1 -> v2; the Answer."""
        return self.post("", **{**SERVICE, "version": "v2", "previous_version": "v1", "id": release, **body})

    def watch(self, release, **body):
        """Announces a release that must be taken, and says it is live; what the guard answered."""
        answer = self.announce(release, phase="deploying", **body)
        assert answer.status == 201, answer.text
        return self.order(release, "live")

    def order(self, release, verb, **body):
        """Gives an order that must be taken; the release."""
        answer = self.post(f"/{release}/{verb}", **body)
        assert answer.status == 200, answer.text
        return answer.json()

    def signal_e2e(self, release, status):
        return self.order(release, "signal", name="e2e", status=status)

    def rule(self, release, slo):
        """A rule of this release as the guard tells it now."""
        return next(rule for rule in self.release(release)["rules"] if rule["slo"] == slo)


def watch(stack, prometheus, *rules, **keys):
    """A guard that has begun to watch release r1 by these rules."""
    guard = ShopGuard(stack, group(*rules, **keys), prometheus={"url": prometheus.url}).start()
    guard.watch("r1")
    return guard


def watch_errors(stack, prometheus, *rules, **keys):
    """The same, by the objective `errors` unless others are given, once the first of them has been read as ok."""
    rules = rules or (ERRORS,)
    guard = watch(stack, prometheus, *rules, **keys)
    slo = rules[0]["slo"]
    wait_until(lambda: guard.rule("r1", slo)["verdict"] == "ok", f"{slo} is ok")
    return guard
