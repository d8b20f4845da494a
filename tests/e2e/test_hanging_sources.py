# SPDX-License-Identifier: Apache-2.0
"""A server that takes questions and answers none (SIGSTOP): what the other source says is still acted on, and that
rules are not read is told to people by the clock, for as long as it lasts."""

import signal

from shop import ERRORS, ShopGuard, group
from stack import Alertmanager, wait_until

ALERTS = {"slo": "alerts", "alerts": ['severity="critical"', 'service="shop"'], "objective": "none firing"}
BROKEN = {"alertname": "Broken", "severity": "critical", "service": "shop"}
# As many questions as the rules of a web service ask, most of them with an age and a time before beside.
MANY = [{**ERRORS, "slo": f"errors_{i}", "expr": f"errors + {i} * 0"} for i in range(8)]


def watched(stack, prometheus, *rules, **keys):
    """A guard, with an Alertmanager of its own, that watches r1 by these rules; and that Alertmanager."""
    alertmanager = stack.add(Alertmanager(stack.directory))
    guard = ShopGuard(stack, group(*rules, **keys), prometheus={"url": prometheus.url},
                      alertmanager={"urls": [alertmanager.url], "warm_up": "1s"}).start()
    guard.watch("r1")
    for rule in rules:
        wait_until(lambda slo=rule["slo"]: guard.rule("r1", slo)["verdict"] == "ok", f"{rule['slo']} is ok")
    return guard, alertmanager


def metric(guard, name):
    """The value of this metric of the place that all tests here watch."""
    wanted = f'release_guard_{name}{{service="shop",environment="production"}} '
    lines = guard.call("GET", "/metrics").text.splitlines()
    return next(float(line[len(wanted):]) for line in lines if line.startswith(wanted))


def test_fault_3_a_prometheus_that_hangs_does_not_blind_the_rule_that_asks_alertmanager(stack, prometheus):
    guard, alertmanager = watched(stack, prometheus, *MANY, ALERTS, window="120s", verify="25s")
    prometheus.signal(signal.SIGSTOP)
    try:
        wait_until(lambda: guard.rule("r1", "errors_0")["outcome"] == "error", "nothing comes from Prometheus")
        alertmanager.post({"labels": BROKEN})
        broken = guard.wait_phase("r1", "rolling_back", "verifying", seconds=10)
        assert broken["decisions"][0]["slo"] == "alerts"
    finally:
        prometheus.signal(signal.SIGCONT)
    alertmanager.resolve(BROKEN)
    guard.wait_phase("r1", "rolled_back")
    assert len(guard.keys()) == 1


def test_a_rule_that_is_not_read_needs_a_person_while_it_lasts(stack, prometheus):
    guard, _ = watched(stack, prometheus, ERRORS, ALERTS, window="120s")
    assert (metric(guard, "rules_unread"), metric(guard, "release_needs_person")) == (0, 0)
    prometheus.signal(signal.SIGSTOP)
    try:
        told = wait_until(lambda: guard.release("r1")["needs_person"], "a person is needed")
        assert "errors was not read since " in told and "alerts" not in told
        assert guard.rule("r1", "errors")["unread_since"] is not None
        assert guard.rule("r1", "alerts")["unread_since"] is None
        assert (metric(guard, "rules_unread"), metric(guard, "release_needs_person")) == (1, 1)
        assert metric(guard, "release_reading_lag_seconds") < 5, "what is not answered is asked again all the same"
        status = guard.run("release", "status", "r1").stdout
        assert "A PERSON IS NEEDED:" in status and "errors was not read since " in status
    finally:
        prometheus.signal(signal.SIGCONT)
    wait_until(lambda: guard.release("r1")["needs_person"] == "", "it is read again")
    assert (metric(guard, "rules_unread"), metric(guard, "release_needs_person")) == (0, 0)
    assert guard.keys() == []
