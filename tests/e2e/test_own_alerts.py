# SPDX-License-Identifier: Apache-2.0
"""The guard speaks through real Alertmanagers with the shipped configuration: who hears what, in which words."""

import json
import re
from datetime import datetime, timedelta

import pytest

from stack import Alertmanager, Dial, Guard, Prometheus, Recorder, Slack, request, wait_until
from stack.alertmanager import shipped_configuration
from stack.server import ROOT

PAGE = "https://guard.example.org"
DASHBOARD = "https://grafana.example.org/d/release-watch"
RELEASE = {"service": "shop", "environment": "production", "version": "v2", "previous_version": "v1",
           "labels": {"run": "https://ci.example/run/7"}}
RULES = """
groups:
  - name: shop
    match: ['service="shop"']
    window: {window}
    settle: 1s
    interval: 1s
    rollback: {{ hook: undo, mode: {mode}, verify: 2m, cooldown: 1s }}
    defaults: {{ on_no_data: hold, on_error: hold }}
    rules:
      - {{ slo: error_rate, expr: errors, objective: "< 1%", preexisting: rollback }}
      - {{ slo: no_critical_alerts, alerts: ['severity="critical"', 'service="shop"', 'environment="production"'],
           objective: none firing }}
"""


class Shop:
    """A service whose error share is a dial, and a guard whose hook turns it back to health."""

    def __init__(self, stack, dial, slack, alertmanagers=1):
        self.dial = dial
        self.slack = slack
        self.hook = stack.hook
        self.guard = stack.adopt(Guard(stack.directory, {}))
        token = self.guard.write_token("alertmanager.token", "a-token-of-alertmanager")
        self.alertmanagers = []
        for number in range(alertmanagers):
            alertmanager = stack.adopt(Alertmanager(stack.directory, name=f"alertmanager{number}"))
            alertmanager.configuration = shipped_configuration(
                f"{self.guard.url}/api/v1/alertmanager", token, slack=slack.address_files(alertmanager.directory))
            self.alertmanagers.append(alertmanager)
        self.prometheus = stack.add(Prometheus(stack.directory, {"shop": [dial.address]}))
        wait_until(lambda: self.prometheus.value("errors") is not None, "Prometheus reads the dial")

    def start(self, mode="enforce", window="5m"):
        (self.guard.directory / "rules.yml").write_text(RULES.format(mode=mode, window=window))
        self.guard.configuration = {
            "prometheus": {"url": self.prometheus.url, "timeout": "2s"},
            "alertmanager": {"urls": [alertmanager.url for alertmanager in self.alertmanagers], "timeout": "2s",
                             "warm_up": "1s"},
            "rule_files": ["rules.yml"],
            "hooks": [{"name": "undo", "http": {"url": f"{self.hook.url}/undo", "timeout": "20s"}}],
            "tokens": [{"name": "alertmanager", "role": "alerts", "token_file": "alertmanager.token"},
                       {"name": "operator", "role": "operate", "token_file": "operator.token"}],
            "web": {"external_url": PAGE, "dashboard_url": DASHBOARD},
        }
        self.guard.token = "a-token-of-the-operator"
        self.guard.write_token("operator.token", self.guard.token)
        self.guard.start()
        return self

    def post(self, path, **body):
        answer = self.guard.call("POST", f"/api/v1/releases{path}", json.dumps(body).encode(),
                                 {"Content-Type": "application/json"})
        assert answer.status in (200, 201), answer.text
        return answer.json()

    def announce(self, release="r1", **body):
        return self.post("", id=release, **{**RELEASE, **body})

    def page(self):
        return request("GET", f"{self.guard.url}/metrics", token=self.guard.token).text


@pytest.fixture
def slack():
    with Slack() as recorder:
        yield recorder


@pytest.fixture
def dial():
    with Dial(errors=0.001) as values:
        yield values


@pytest.fixture
def hook(dial):
    """The deployment: undoing a release makes the service well again. Set `answer` to have it fail."""
    def answer(_received):
        if recorder.status == 200:
            dial.set("errors", recorder.errors_after)
        return recorder.status

    with Recorder(answer) as recorder:
        recorder.status = 200
        recorder.errors_after = 0.001
        yield recorder


@pytest.fixture
def shop(stack, dial, slack, hook):
    stack.hook = hook
    def make(alertmanagers=1):
        return Shop(stack, dial, slack, alertmanagers)
    return make


def start_all(shop):
    for alertmanager in shop.alertmanagers:
        alertmanager.start()


def test_a_rollback_is_told_from_its_start_to_its_end(shop, slack, dial):
    shop = shop()
    start_all(shop)
    shop.start()
    shop.announce()
    slack.wait_title("#deployments", "shop v2 in production is live and being watched.")
    dial.set("errors", 0.2)
    slack.wait_title("#incidents", "shop v2 in production is being rolled back to v1.")
    told = slack.wait_title("#incidents", "shop v2 in production was rolled back to v1.")
    first, *lines = told["text"].strip().splitlines()
    assert re.fullmatch(r"The objectives hold again since [-0-9 :]+ UTC\. Find the cause before the next release\.", first)
    assert lines == [
        "*Version:* v2, before it v1",
        "*Why:* error_rate: 20% against &lt; 1%",
        "*The guard:* called hook undo, attempt 1: HTTP 200",
        f"<{PAGE}/#/releases/r1|Release> <{PAGE}/#/releases/r1/report|Report> <https://ci.example/run/7|Pipeline> "
        f"<{DASHBOARD}?var-service=shop&amp;var-environment=production|Dashboard> "
        "Runbook: docs/runbook.md#releaseguardrolledback"]
    assert told["title_link"] == f"{PAGE}/#/releases/r1"
    assert told["color"] == "warning"
    # The whole story in #deployments, each part of it once; a part that is over is not told again.
    story = ["shop v2 in production is live and being watched.", "shop v2 in production is being rolled back to v1.",
             "shop v2 in production was rolled back to v1."]
    slack.wait_title("#deployments", story[-1])
    assert slack.titles("#deployments") == story
    assert slack.titles("#incidents") == story[1:]
    [alertmanager] = shop.alertmanagers
    wait_until(lambda: [labels["alertname"] for labels in alertmanager.firing()] == ["ReleaseGuardRolledBack"],
               "what is over is resolved")


WAITING = "shop v2 in production is in breach; its rollback to v1 waits for a person."


def asked(shop, slack, dial):
    """A release in breach whose rollback waits for a person; what #incidents was told of it."""
    start_all(shop)
    shop.start(mode="ask")
    shop.announce()
    dial.set("errors", 0.2)
    return slack.wait_title("#incidents", WAITING)


def test_what_needs_a_person_is_told_until_it_no_longer_does(shop, slack, dial):
    shop = shop()
    assert asked(shop, slack, dial)["color"] == "danger"
    shop.post("/r1/approve")
    over = slack.wait_title("#incidents", f"No longer: {WAITING}")
    assert over["color"] == "#808080", "that a person acted is neither good nor bad"
    assert over["text"].strip().splitlines() == [
        "*Version:* v2, before it v1",
        f"<{PAGE}/#/releases/r1|Release> <{PAGE}/#/releases/r1/report|Report> <https://ci.example/run/7|Pipeline> "
        f"<{DASHBOARD}?var-service=shop&amp;var-environment=production|Dashboard> "
        "Runbook: docs/runbook.md#releaseguardawaitingapproval"], "nobody is asked to act any more"
    slack.wait_title("#incidents", "shop v2 in production was rolled back to v1.")


def test_a_failed_rollback_is_told_and_the_alert_stays_after_a_restart(shop, slack, dial, hook):
    hook.status = 400
    shop = shop()
    start_all(shop)
    shop.start()
    shop.announce()
    dial.set("errors", 0.2)
    told = slack.wait_title("#incidents", "The rollback of shop v2 in production to v1 failed.")
    assert "A person must act now: the rollback hook failed (HTTP 400" in told["text"]
    shop.guard.kill()
    shop.guard.start()
    [alertmanager] = shop.alertmanagers
    firing = {labels["alertname"] for labels in alertmanager.firing()}
    assert firing == {"ReleaseGuardRollbackFailed"}
    dial.set("errors", 0.001)
    shop.announce("r2", version="v3")
    over = slack.wait_title("#incidents", "No longer: The rollback of shop v2 in production to v1 failed.")
    assert "must act" not in over["text"]
    assert slack.titles("#incidents").count("The rollback of shop v2 in production to v1 failed.") == 1


def test_that_a_person_ended_the_watch_is_told_where_something_was_told_before(shop, slack, dial):
    shop = shop()
    asked(shop, slack, dial)
    shop.post("/r1/abort", reason="a false alarm")
    aborted = "shop v2 in production: the watch was aborted."
    for channel in ("#deployments", "#incidents"):
        told = slack.wait_title(channel, aborted)
        assert told["color"] == "good"
        assert "*Why:* aborted by operator: a false alarm\n*The guard:* watches it no longer\n" in told["text"]


def test_every_alertmanager_is_told_also_one_that_was_down_meanwhile(shop, slack, dial):
    shop = shop(alertmanagers=2)
    up, down = shop.alertmanagers
    up.start()
    shop.start()
    shop.announce()
    dial.set("errors", 0.2)
    wait_until(lambda: shop.guard.release("r1")["held_again_at"], "the objectives hold again")
    rolled_back = {"alertname": "ReleaseGuardRolledBack", "severity": "warning", "source": "release-guard",
                   "service": "shop", "environment": "production", "release": "r1"}
    wait_until(lambda: rolled_back in up.firing(), "the one that is up is told")
    failures = r'^release_guard_alert_push_failures_total{target="1"} [1-9]'
    wait_until(lambda: re.search(failures, shop.page(), re.MULTILINE), "the other one's failures are counted")
    assert 'release_guard_alert_push_failures_total{target="0"} 0\n' in shop.page()
    assert 'release_guard_alert_push_last_success_timestamp_seconds{target="1"} 0\n' in shop.page()
    before = len(slack.titles("#incidents"))
    down.start()
    wait_until(lambda: down.firing() == [rolled_back], "the other one is told when it is back, of what is still news", 60)
    wait_until(lambda: len(slack.titles("#incidents")) > before, "and tells people")
    wait_until(lambda: 'last_success_timestamp_seconds{target="1"} 0\n' not in shop.page(), "the success is shown")


def test_a_rollback_quiets_the_services_alerts_for_people_but_not_for_the_guard(shop, slack, dial, hook):
    shop = shop()
    start_all(shop)
    shop.start()
    shop.announce()
    slack.wait_title("#deployments", "shop v2 in production is live and being watched.")
    shop.guard.wait_phase("r1", "watching")
    [alertmanager] = shop.alertmanagers
    symptom = {"alertname": "CheckoutFails", "severity": "critical", "service": "shop", "environment": "production"}
    elsewhere = {**symptom, "environment": "staging"}
    alertmanager.post({"labels": symptom}, {"labels": elsewhere})
    shop.guard.wait_phase("r1", "verifying")
    wait_until(lambda: symptom not in alertmanager.firing(), "the symptom is inhibited")
    assert elsewhere in alertmanager.firing(), "only that of the service that is being rolled back"

    # Were the guard blind to what it inhibits, every objective would hold now and the rollback count as verified.
    wait_until(lambda: rule_of(shop, "no_critical_alerts")["read_at"], "the first reading of the verification")
    began = read_at(shop, "no_critical_alerts")
    wait_until(lambda: read_at(shop, "no_critical_alerts") > began + timedelta(seconds=5), "five more readings")
    assert shop.guard.release("r1")["phase"] == "verifying"
    assert rule_of(shop, "no_critical_alerts")["value"] == 1

    alertmanager.post({"labels": symptom, "endsAt": "2020-01-01T00:00:00Z"})
    wait_until(lambda: shop.guard.release("r1")["held_again_at"], "the objectives hold again")
    another = {**symptom, "alertname": "CartFails"}
    alertmanager.post({"labels": another})
    wait_until(lambda: another in alertmanager.firing(), "after the rollback alerts are told again")


def rule_of(shop, slo):
    return next(rule for rule in shop.guard.release("r1")["rules"] if rule["slo"] == slo)


def read_at(shop, slo):
    return datetime.fromisoformat(rule_of(shop, slo)["read_at"].replace("Z", "+00:00"))


def test_fault_67_a_hostile_name_is_text_in_every_message(shop, slack):
    shop = shop()
    start_all(shop)
    shop.start()
    shop.announce(version="<!channel> & <http://evil|v2>")
    told = wait_until(lambda: slack.messages("#deployments"), "the start is told")[0]
    assert "<!channel>" not in json.dumps(told)
    assert "&lt;!channel&gt; &amp; &lt;http://evil|v2&gt;" in told["title"]


def test_every_metric_that_the_alerts_name_is_there(shop):
    shop = shop()
    shop.start()
    named = set(re.findall(r"release_guard_\w+", (ROOT / "alertmanager" / "release-guard-alerts.yml").read_text()))
    named.remove("release_guard_detection_blind")   # of rule groups with `detect`: test_detect.py
    named -= {"release_guard_notifications_total", "release_guard_notifications_failed_total"}   # test_notifications.py
    shop.announce()
    page = shop.page()
    assert sorted(name for name in named if not re.search(rf"^{name}[ {{]", page, re.MULTILINE)) == []
