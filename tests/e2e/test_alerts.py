# SPDX-License-Identifier: Apache-2.0
"""Rules of kind `alerts` and a real Alertmanager: asked by the guard, or only heard through its webhook."""

import datetime
import json

import pytest

from shop import ShopGuard, group
from stack import Alertmanager, wait_until
from stack.alertmanager import shipped_configuration

RULE = {"slo": "alerts", "alerts": ['severity="critical"', 'service="shop"'], "objective": "none firing"}
BROKEN = {"alertname": "Broken", "severity": "critical", "service": "shop"}
OTHER = {**BROKEN, "service": "cart"}


def metric(guard, result):
    page = guard.call("GET", "/metrics").text
    wanted = f'release_guard_alerts_received_total{{result="{result}"}} '
    return next(float(line[len(wanted):]) for line in page.splitlines() if line.startswith(wanted))


@pytest.fixture
def parts(stack):
    """parts(rule keys, urls=…, …) -> a guard and the Alertmanager that delivers to it by the shipped routes."""
    def made(urls=False, window="30s", **keys):
        alertmanager = stack.adopt(Alertmanager(stack.directory))
        more = {"alertmanager": {"urls": [alertmanager.url], "warm_up": "1s"}} if urls else {}
        guard = ShopGuard(stack, group({**RULE, **keys}, window=window), **more)
        guard.token = "the-token-of-the-operator"
        tokens = {"operate": guard.token, "alerts": "the-token-of-alertmanager"}
        guard.configuration["tokens"] = [
            {"name": role, "role": role, "token_file": str(guard.write_token(f"{role}.token", token))}
            for role, token in tokens.items()]
        alertmanager.configuration = shipped_configuration(
            f"{guard.url}/api/v1/alertmanager", guard.directory / "alerts.token")
        return guard.start(), alertmanager.start()
    return made


@pytest.mark.parametrize("urls", [True, False], ids=["asked", "only heard"])
def test_an_alert_rolls_back_once_and_its_end_verifies(parts, urls):
    guard, alertmanager = parts(urls)
    alertmanager.post({"labels": OTHER})
    guard.watch("r1")
    wait_until(lambda: guard.rule("r1", "alerts")["verdict"] == "ok", "no alert of this service fires")
    alertmanager.post({"labels": BROKEN})
    broken = guard.wait_phase("r1", "rolling_back", "verifying")
    assert (broken["decisions"][0]["trigger"], broken["decisions"][0]["slo"]) == ("alert", "alerts")
    assert "firing: Broken" in broken["decisions"][0]["reason"]
    alertmanager.resolve(BROKEN)
    guard.wait_phase("r1", "rolled_back")
    assert guard.keys() == ["shop/production/r1/1"]


def test_what_is_delivered_twice_counts_once(parts):
    guard, alertmanager = parts()
    guard.watch("r1")
    alertmanager.post({"labels": OTHER})
    wait_until(lambda: metric(guard, "duplicate") >= 2, "the alert was repeated")
    assert metric(guard, "fresh") == 1
    alertmanager.kill()
    alertmanager.start()
    alertmanager.post({"labels": BROKEN})
    guard.wait_phase("r1", "verifying")
    seen = metric(guard, "duplicate")
    wait_until(lambda: metric(guard, "duplicate") >= seen + 3, "the alert was repeated")
    assert guard.keys() == ["shop/production/r1/1"]
    assert len(guard.release("r1")["decisions"]) == 1


@pytest.mark.parametrize("urls", [True, False], ids=["asked", "only heard"])
def test_an_alertmanager_that_falls_silent_is_unknown_and_the_release_unverified(parts, urls):
    guard, alertmanager = parts(urls, window="10s", max_age="3s")
    alertmanager.post({"labels": {"alertname": "Watchdog"}})
    wait_until(lambda: metric(guard, "fresh") > 0, "the guard hears of Alertmanager")
    guard.watch("r1")
    wait_until(lambda: guard.rule("r1", "alerts")["verdict"] == "ok", "no alert fires")
    alertmanager.kill()
    silent = wait_until(lambda: guard.rule("r1", "alerts")["verdict"] == "unknown" and guard.rule("r1", "alerts"),
                        "the silence is noticed")
    assert silent["reading_reason"] == ("query_failed" if urls else "alertmanager_silent")
    assert "alerts could be judged for" in guard.wait_phase("r1", "unverified")["reason"]
    assert guard.keys() == []


@pytest.mark.parametrize("urls", [True, False], ids=["asked", "only heard"])
def test_an_alert_from_before_the_deployment_is_not_the_releases(parts, urls):
    guard, alertmanager = parts(urls, window="5s")
    alertmanager.post({"labels": BROKEN})
    wait_until(lambda: metric(guard, "fresh") == 1, "the alert arrives")
    guard.watch("r1")
    wait_until(lambda: guard.rule("r1", "alerts")["outcome"] == "ok", "alerts were read")
    guard.wait_phase("r1", "passed")
    assert guard.keys() == []


def test_a_silenced_alert_does_not_count_and_is_named(parts):
    guard, alertmanager = parts(urls=True)
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    alertmanager.silence({"alertname": "Broken"}, until)
    alertmanager.post({"labels": BROKEN})
    guard.watch("r1")
    wait_until(lambda: "silenced, so not counted: Broken" in guard.rule("r1", "alerts")["explanation"],
               "the silenced alert is named")
    assert guard.rule("r1", "alerts")["outcome"] == "ok"
    skew = next(line for line in guard.call("GET", "/metrics").text.splitlines()
                if line.startswith('release_guard_clock_skew_seconds{server="alertmanager"} '))
    assert abs(float(skew.split()[-1])) < 60


def test_only_alertmanagers_token_may_deliver_and_only_known_versions_are_taken(parts):
    guard, _ = parts()
    message = {"version": "3", "groupKey": "{}", "receiver": "guard", "alerts": []}
    wrong_token = guard.call("POST", "/api/v1/alertmanager", json.dumps(message).encode())
    assert wrong_token.status == 401
    guard.token = "the-token-of-alertmanager"
    headers = {"Content-Type": "application/json"}
    wrong_version = guard.call("POST", "/api/v1/alertmanager", json.dumps(message).encode(), headers)
    assert wrong_version.status == 400
    assert 'version is \\"3\\"' in wrong_version.text
    for version in ("4", "1"):
        right = guard.call("POST", "/api/v1/alertmanager", json.dumps({**message, "version": version}).encode(), headers)
        assert right.status == 200
    assert guard.call("GET", "/metrics").status == 403
