# SPDX-License-Identifier: Apache-2.0
"""Every configuration file that ships is accepted by the program it is for."""

import re
import subprocess

import pytest
import yaml

from stack import program
from stack.alertmanager import SHIPPED, amtool
from stack.server import ROOT

ALERTS = ROOT / "alertmanager" / "release-guard-alerts.yml"
RULES = [ALERTS, *sorted(ROOT.glob("tests/demo/*.rules.yml"))]
PUSHED = yaml.safe_load((ROOT / "alertmanager" / "pushed-alerts.yml").read_text())
RUNBOOK = ROOT / "docs" / "runbook.md"

# What the guard pushes, but for those that are only the next line of a rollback's story, and who hears of it.
TOLD = {"info": ["deployments"], "warning": ["deployments", "incidents"],
        "critical": ["deployments", "on-call", "incidents"]}
NEWS = {"ReleaseGuardRollingBack", "ReleaseGuardRolledBack", "ReleaseGuardReleaseBreached", "ReleaseGuardReleaseUnverified",
        "ReleaseGuardReleaseAborted"}


def promtool(*arguments):
    return subprocess.run([program("promtool"), *map(str, arguments)], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=60, check=False)


def routes(tmp_path, **labels):
    """The receivers that an alert with these labels reaches."""
    answer = amtool(tmp_path, "config", "routes", "test", f"--config.file={SHIPPED}",
                    *(f"{name}={value}" for name, value in labels.items()))
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip().split(",")


def own_alerts():
    """The alerting rules on the guard's own metrics."""
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def test_alertmanager_accepts_its_configuration_and_templates(tmp_path):
    answer = amtool(tmp_path, "check-config", SHIPPED)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "1 templates" in answer.stdout


@pytest.mark.parametrize("alert", PUSHED, ids=lambda alert: alert["alertname"])
def test_what_the_guard_pushes_reaches_exactly_whom_it_concerns(tmp_path, alert):
    name, severity = alert["alertname"], alert["severity"]
    labels = {"alertname": name, "severity": severity, "source": "release-guard"}
    if name == "ReleaseGuardStoreTrouble":
        assert routes(tmp_path, **labels) == ["on-call", "incidents"]
        return
    labels.update(service="meme-maker", environment="production", release="r1")
    told = ["deployments", "incidents-news"] if name in NEWS else TOLD[severity]
    assert routes(tmp_path, **labels) == told


@pytest.mark.parametrize("rule", own_alerts()[1:], ids=lambda rule: rule["alert"])
def test_alerts_on_the_guards_metrics_reach_people_and_not_the_guard(tmp_path, rule):
    told = routes(tmp_path, alertname=rule["alert"], **rule["labels"])
    wanted = {"critical": ["on-call", "incidents"], "warning": ["incidents"], "info": ["deployments"]}
    assert told == wanted[rule["labels"]["severity"]]


def test_every_alert_of_the_production_reaches_the_guard_and_people(tmp_path):
    labels = {"alertname": "HighErrorRate", "service": "meme-maker"}
    assert routes(tmp_path, severity="critical", **labels) == ["release-guard", "incidents"]
    assert routes(tmp_path, severity="warning", **labels) == ["release-guard", "team"]
    assert routes(tmp_path, alertname="NoLabels") == ["release-guard", "team"]


def test_the_heartbeat_reaches_the_guard_and_whoever_misses_it(tmp_path):
    assert routes(tmp_path, alertname="Watchdog", severity="none") == ["release-guard", "dead-mans-switch"]


def test_all_alerts_about_the_guard_carry_its_mark_but_the_heartbeat_does_not():
    marks = {rule["alert"]: rule["labels"].get("source") for rule in own_alerts()}
    assert marks.pop("Watchdog") is None
    assert set(marks.values()) == {"release-guard"}


def anchors():
    """Every heading of the runbook that an alert points to: its own name, as GitHub makes anchors of headings."""
    return {rule["alert"].lower() for rule in own_alerts()} | {alert["alertname"].lower() for alert in PUSHED}


def test_each_alert_points_to_the_heading_of_its_name_in_the_runbook():
    for rule in own_alerts():
        assert rule["annotations"]["runbook_url"] == f"docs/runbook.md#{rule['alert'].lower()}"


@pytest.mark.skipif(not RUNBOOK.exists(), reason="there is no docs/runbook.md")
def test_the_runbook_has_every_heading_that_alerts_point_to():
    headings = {heading.lower() for heading in re.findall(r"^#+ (\S+) *$", RUNBOOK.read_text(), re.MULTILINE)}
    assert anchors() - headings == set()


def test_prometheus_accepts_the_scrape_configuration(tmp_path):
    """With a token in place of the one that the container is given: promtool looks whether it is there."""
    token = tmp_path / "release-guard.token"
    token.write_text("a token\n")
    (tmp_path / "alertmanager").symlink_to(ALERTS.parent)
    (tmp_path / "exporters").mkdir()
    path = tmp_path / "exporters" / "prometheus.yml"
    shipped = (ROOT / "exporters" / "prometheus.yml").read_text()
    path.write_text(shipped.replace("/etc/prometheus/release-guard.token", str(token)))
    answer = promtool("check", "config", path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_prometheus_accepts_the_alert_rules(path):
    answer = promtool("check", "rules", path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_alert_rules_fire_as_their_test_file_has_it():
    tests = ALERTS.with_suffix(".test.yml")
    answer = promtool("test", "rules", tests)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    tested = tests.read_text()
    assert [rule["alert"] for rule in own_alerts() if f"alertname: {rule['alert']}\n" not in tested
            and rule["alert"] != "Watchdog"] == []
