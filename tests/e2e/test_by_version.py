# SPDX-License-Identifier: Apache-2.0
"""Expressions whose answer has a series for each version, for each instance, or for each service: whose fault it is is
read from what the others show, on a real Prometheus."""

from shop import watch
from stack import wait_until

QUEUE = {"slo": "queue", "expr": "max by (version) (queue)", "objective": "< 10", "for": "2s"}
HEALTHY = {"slo": "healthy", "expr": "healthy", "objective": ">= 1", "reduce": "any", "for": "2s"}
ERRORS = {"slo": "failing", "expr": 'failing{tier="shop"}', "objective": "< 1%", "control": ['tier="cart"']}


def shown(prometheus, dial, series, value):
    dial.set(series, value)
    wait_until(lambda: prometheus.query(f"{series} == {value}"), f"{series} is {value}")


def watched(stack, prometheus, rule):
    guard = watch(stack, prometheus, rule, window="60s")
    wait_until(lambda: guard.rule("r1", rule["slo"])["verdict"] == "ok", "it is ok")
    return guard


def queues(prometheus, dial, new, old):
    shown(prometheus, dial, 'queue{version="v2"}', new)
    shown(prometheus, dial, 'queue{version="v1"}', old)


def test_what_the_version_before_shows_alike_is_left_to_a_person(stack, prometheus, dial):
    queues(prometheus, dial, 3, 3)
    guard = watched(stack, prometheus, QUEUE)
    dial.set('queue{version="v1"}', 25)
    dial.set('queue{version="v2"}', 30)
    decision = guard.wait_phase("r1", "awaiting_approval")["decisions"][0]
    assert decision["kind"] == "ask"
    assert 'what has not got this release (version="v1") shows it alike: 25 against < 10' in decision["reason"], decision
    assert guard.keys() == []


def test_what_the_version_before_does_not_show_is_rolled_back(stack, prometheus, dial):
    queues(prometheus, dial, 3, 3)
    guard = watched(stack, prometheus, QUEUE)
    dial.set('queue{version="v2"}', 30)
    guard.wait_phase("r1", "rolling_back", "verifying")
    wait_until(lambda: len(guard.keys()) == 1, "the hook is called")


def test_one_dead_instance_of_three_is_seen_and_named(stack, prometheus, dial):
    for instance in "abc":
        shown(prometheus, dial, f'healthy{{copy="{instance}"}}', 1)
    guard = watched(stack, prometheus, HEALTHY)
    dial.set('healthy{copy="c"}', 0)
    decision = guard.wait_phase("r1", "rolling_back", "verifying")["decisions"][0]
    assert 'in 1 of 3 series: {__name__="healthy", copy="c"' in decision["reason"], decision


def test_what_a_control_shows_alike_is_left_to_a_person(stack, prometheus, dial):
    for tier in ("shop", "cart"):
        shown(prometheus, dial, f'failing{{tier="{tier}"}}', 0)
    wait_until(lambda: prometheus.query('failing{tier="cart"} offset 2s'), "the control has a past")
    guard = watched(stack, prometheus, ERRORS)
    for tier in ("cart", "shop"):
        dial.set(f'failing{{tier="{tier}"}}', 0.2)
    decision = guard.wait_phase("r1", "awaiting_approval")["decisions"][0]
    assert 'what has not got this release (tier="cart") shows it alike: 20% against < 1%' in decision["reason"], decision
    assert guard.keys() == []
