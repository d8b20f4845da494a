# SPDX-License-Identifier: Apache-2.0
"""What `release-guard preflight` says of a real stack: where all is well, where each part is not, and where one hangs."""

import json
import re
import signal

import pytest

from shop import ERRORS, SERVICE, ShopGuard, group
from stack import Alertmanager, get_json, wait_until
from stack.alertmanager import shipped_configuration

BACKUP = {"slo": "backup_age", "expr": "backup_age", "objective": "< 26h", "annotations": {"advice": "back it up first"}}
ALERTS = {"slo": "no_alerts", "alerts": ['severity="critical"', 'service="shop"'], "objective": "none firing"}
WORDS = ("preflight", "--service", "shop", "--environment", "production", "--version", "v3")


@pytest.fixture
def running(stack, prometheus, dial):
    """A guard with Prometheus, an Alertmanager that posts to it, and a hook with a rehearsal; v2 is live."""
    dial.set("backup_age", 3600)
    guard = ShopGuard(stack, {**group(ERRORS, ALERTS, window="10m"), "preflight": [BACKUP]},
                      prometheus={"url": prometheus.url})
    token = stack.directory / "token"
    token.write_text("unused")
    alertmanager = Alertmanager(stack.directory, shipped_configuration(f"{guard.url}/api/v1/alertmanager", token))
    stack.add(alertmanager)
    guard.configuration["alertmanager"] = {"urls": [alertmanager.url], "warm_up": "0s"}
    prometheus.alertmanagers = [alertmanager.address]
    prometheus.reload()
    rehearsal(guard, 'echo "$1 can be gone back to"')
    guard.configuration["hooks"][0]["command"]["rehearse"] = ["./rehearse.sh", "{{ previous_version }}"]
    guard.start()
    guard.watch("r1")
    wait_until(lambda: guard.rule("r1", "errors")["verdict"] == "ok", "errors is ok")
    wait_until(lambda: prometheus.value("backup_age") == 3600, "the age of the backup is known")
    wait_until(lambda: get_json(f"{prometheus.url}/api/v1/alertmanagers")["data"]["activeAlertmanagers"],
               "Prometheus knows its Alertmanager")
    guard.alertmanager = alertmanager
    return guard


def rehearsal(guard, lines):
    path = guard.directory / "rehearse.sh"
    path.write_text("#!/bin/sh\n" + lines + "\n")
    path.chmod(0o755)


def checks(guard, *more):
    """The checks by name."""
    told = guard.run(*WORDS, "--json", *more)
    assert told.returncode in (0, 1), told.stderr
    return {check["name"]: check for check in json.loads(told.stdout)["checks"]}


def states(found):
    return {name: check["state"] for name, check in found.items()}


def test_where_all_is_well_every_line_has_passed(running):
    result = running.run(*WORDS)
    print(result.stdout)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith("shop v3 in production, where v2 is live; it would be watched by shop\n")
    # A day is more than this Prometheus knows, unless one of the day's readings falls into its first seconds.
    assert "✗" not in result.stdout and result.stdout.count("?") <= 1
    assert "v2 can be gone back to" not in result.stdout and "its rehearsal succeeded: exit 0" in result.stdout
    assert "a test alert came back by webhook after" in result.stdout
    assert running.keys() == [], "the hook itself is not called"
    assert running.release("r1")["phase"] != "rolled_back"


def test_each_thing_that_is_not_well_is_a_line_of_its_own(running, prometheus, dial):
    dial.set("errors", 0.2)
    dial.set("backup_age", 360000)
    rehearsal(running, "echo no such image >&2; exit 4")
    running.alertmanager.post({"labels": {"alertname": "Down", "severity": "critical", **SERVICE}})
    wait_until(lambda: prometheus.value("errors offset 2s") == 0.2 and prometheus.value("backup_age") == 360000,
               "both are read, and not just now")
    result = running.run(*WORDS)
    assert result.returncode == 1
    for words in ("20% against < 1%", "back it up first", "no such image", "firing: Down since"):
        assert words in result.stdout, result.stdout


def test_a_server_that_hangs_does_not_keep_the_answer_back(running, prometheus):
    running.call("POST", "/api/v1/releases/r1/abort", b"{}", {"Content-Type": "application/json"})
    prometheus.signal(signal.SIGSTOP)
    try:
        found = checks(running)
    finally:
        prometheus.signal(signal.SIGCONT)
    assert states(found)["prometheus"] == "failed"
    assert states(found)["alert_path"] == "passed", "one that hangs does not speak for the others"


def test_an_alert_that_does_not_come_back_is_told(running):
    route = running.alertmanager.configuration["route"]
    route["routes"] = [child for child in route["routes"] if child["receiver"] != "release-guard"]
    running.alertmanager.restart()
    found = checks(running)["alert_path"]
    assert "did not come back by webhook within 12s" in found["seen"]
    assert found["state"] == "unknown", "this guard asks Alertmanager itself"


def test_to_look_changes_nothing(running):
    found = checks(running, "--look-only")
    assert "alert_path" not in found and "hook undo" not in found
    assert found["errors"]["state"] == "passed"
    assert "ReleaseGuardPreflight" not in [labels["alertname"] for labels in running.alertmanager.firing()]


def test_without_a_guard_nobody_knows(running):
    running.stop()
    assert running.run(*WORDS).returncode == 9


def test_a_release_waits_for_a_preflight_where_its_group_requires_one(running):
    running.write_rules({**group(ERRORS, ALERTS, window="10m"), "preflight": [BACKUP], "requires": {"preflight": "1h"}})
    assert running.call("POST", "/-/reload").status == 200
    place = ("--service", "shop", "--environment", "production", "--version", "v3")
    start = ("release", "start", *place, "--phase", "deploying", "--id", "r2")
    refused = running.run(*start)
    assert refused.returncode == 1
    assert "rule group shop requires a preflight that passed within 1h" in refused.stderr
    assert "✗  preflight" in running.run("gate", *place).stdout
    command = re.search(r"run (release-guard preflight .*)", refused.stderr)[1].split()
    passed = running.run(*command[1:])
    assert passed.returncode == 0, passed.stdout
    assert running.run("gate", *place).returncode == 0
    assert running.run(*start).returncode == 0
