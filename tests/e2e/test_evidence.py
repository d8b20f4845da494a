# SPDX-License-Identifier: Apache-2.0
"""What values from a real Prometheus lead to: breaches, old breaches, drop-offs, and what follows a rollback."""

from shop import ERRORS, watch, watch_errors
from stack import wait_until


def test_a_broken_objective_is_rolled_back_and_verified(stack, prometheus, dial):
    guard = watch_errors(stack, prometheus, window="20s")
    dial.set("errors", 0.2)
    guard.wait_phase("r1", "verifying")
    told = wait_until(lambda: guard.rule("r1", "errors")["outcome"] == "breach" and guard.rule("r1", "errors"),
                      "the breach is seen in the verification too")
    assert (told["value"], told["value_text"], told["bound"], told["query"]) == (0.2, "20%", 0.01, "errors")
    dial.set("errors", 0)
    ended = guard.wait_phase("r1", "rolled_back")
    assert ended["decisions"][0]["reason"].startswith("errors: 20% against < 1%")


def test_a_rollback_that_does_not_help_calls_a_person(stack, prometheus, dial):
    guard = watch_errors(stack, prometheus, window="20s", verify="3s")
    dial.set("errors", 0.2)
    ended = guard.wait_phase("r1", "rollback_failed")
    assert "objectives do not hold 3s later" in ended["needs_person"]
    assert len(guard.keys()) == 1


def test_a_hotfix_into_an_incident_is_not_rolled_back_for_it(stack, prometheus, dial):
    dial.set("errors", 0.2)
    wait_until(lambda: prometheus.value("min_over_time(errors[5s])") == 0.2, "the incident stands")
    guard = watch(stack, prometheus, ERRORS, window="6s")
    ended = guard.wait_phase("r1", "unverified")
    assert "errors is unknown: it was in breach before the deployment began" in ended["reason"]
    assert guard.keys() == []


def test_an_old_breach_that_gets_clearly_worse_is_the_releases(stack, prometheus, dial):
    dial.set("errors", 0.02)
    wait_until(lambda: prometheus.value("min_over_time(errors[5s])") == 0.02, "the incident stands")
    guard = watch(stack, prometheus, ERRORS, window="20s")
    wait_until(lambda: guard.rule("r1", "errors")["reason"] == "preexisting", "the breach is an old one")
    dial.set("errors", 0.9)
    guard.wait_phase("r1", "rolling_back", "verifying")
    assert len(wait_until(guard.keys, "the hook is called")) == 1


def test_traffic_that_drops_off_is_a_breach_against_its_own_past(stack, prometheus, dial):
    dial.set("traffic", 100)
    wait_until(lambda: (prometheus.value("count_over_time(traffic[20s])") or 0) >= 5, "there is a past")
    rule = {"slo": "traffic", "expr": "traffic", "objective": ">= 50% of baseline", "baseline": {"over": "3s"},
            "for": "1s"}
    guard = watch(stack, prometheus, rule, window="20s")
    wait_until(lambda: guard.rule("r1", "traffic")["verdict"] == "ok", "the traffic is ok")
    dial.set("traffic", 30)
    guard.wait_phase("r1", "verifying")
    told = guard.rule("r1", "traffic")
    assert (told["baseline"], told["bound"]) == (100, 50)
    dial.set("traffic", 90)
    guard.wait_phase("r1", "rolled_back")
