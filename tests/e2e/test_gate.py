# SPDX-License-Identifier: Apache-2.0
"""The gate on a real Alertmanager, and staging first: what a pipeline asks before it changes anything."""

import json

import pytest

from shop import E2E, ShopGuard, group
from stack import Alertmanager, Prometheus, wait_until
from stack.history import History

CRITICAL = {"slo": "no_critical_alerts", "alerts": ['severity="critical"', 'service="shop"'], "objective": "none firing"}


@pytest.fixture
def alertmanager(stack):
    return stack.add(Alertmanager(stack.directory))


def gate(guard, *more):
    return guard.run("gate", "--service", "shop", "--environment", "production", *more)


def test_it_is_open_until_something_stands_in_the_way_and_says_what(stack, alertmanager):
    guard = ShopGuard(stack, group(E2E, CRITICAL), alertmanager={"urls": [alertmanager.url], "warm_up": "0s"}).start()
    opened = gate(guard)
    assert opened.returncode == 0, opened.stdout
    assert opened.stdout.startswith("a release of shop to production may start now\n")
    alertmanager.post({"labels": {"alertname": "ApiDown", "severity": "critical", "service": "shop"}})
    wait_until(lambda: gate(guard).returncode == 1, "the alert is seen")
    assert "ApiDown" in gate(guard).stdout
    answer = json.loads(gate(guard, "--json").stdout)
    assert not answer["open"]
    assert {check["name"]: check["state"] for check in answer["checks"]}["alerts"] == "failed"
    alertmanager.kill()
    assert "  ?  alerts" in gate(guard).stdout
    guard.kill()


def test_staging_comes_first(stack):
    staging = group(E2E, name="staging", match=('environment="staging"',))
    production = {**group(dict(E2E), name="production", match=('environment="production"',)),
                  "requires": {"passed": {"environment": "staging"}, "for": "1s"}}
    guard = ShopGuard(stack, staging, production).start()
    refused = guard.announce("r1")
    assert refused.status == 409
    assert "release it to staging first" in refused.json()["error"]
    assert gate(guard, "--version", "v2").returncode == 1
    guard.watch("s1", environment="staging")
    guard.signal_e2e("s1", "succeeded")
    guard.wait_phase("s1", "passed")
    opened = gate(guard, "--version", "v2")
    assert opened.returncode == 0, opened.stdout
    assert guard.announce("r1").status == 201


def test_a_spent_error_budget_shuts_it_but_for_a_fix(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    past = History(hours=3)
    past.count("requests_total", {"service": "shop", "code": "200"}, lambda _: 1000)
    past.count("requests_total", {"service": "shop", "code": "500"}, lambda _: 2)
    past.store(prometheus.directory / "data")
    prometheus.start()
    budget = {"bad": 'requests_total{service="{{ service }}",code=~"5.."}', "total": 'requests_total{service="{{ service }}"}',
              "over": "2h"}
    watched = {**group(dict(E2E)), "error_budget": {**budget, "objective": "< 0.4%"}}
    guard = ShopGuard(stack, watched, prometheus={"url": prometheus.url}).start()
    opened = gate(guard)
    assert opened.returncode == 0, opened.stdout
    assert "0.2% of the events of 2h were bad, and 0.4% may be: 50" in opened.stdout
    guard.kill()
    watched["error_budget"]["objective"] = "< 0.1%"
    guard.write_rules(watched)
    guard.start()
    shut = gate(guard)
    assert shut.returncode == 1
    assert "the error budget is spent" in shut.stdout
    assert gate(guard, "--kind", "hotfix").returncode == 0
    assert guard.announce("r1").status == 201, "what runs already is watched"
    prometheus.kill()
    assert "  ?  error_budget" in gate(guard).stdout
    assert gate(guard, "--kind", "hotfix").returncode == 0, "what nobody can tell stops no fix either"
    guard.kill()
