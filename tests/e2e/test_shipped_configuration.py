# SPDX-License-Identifier: Apache-2.0
"""Every configuration file that ships is accepted by the program it is for."""

import subprocess

import pytest

from stack import program
from stack.alertmanager import SHIPPED, amtool
from stack.server import ROOT

RULES = sorted([*ROOT.glob("alertmanager/*.rules.yml"), *ROOT.glob("tests/demo/*.rules.yml")])


def promtool(*arguments):
    return subprocess.run([program("promtool"), *map(str, arguments)], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=60, check=False)


def routes(tmp_path, *labels):
    """The receivers that an alert with these labels reaches."""
    answer = amtool(tmp_path, "config", "routes", "test", f"--config.file={SHIPPED}", *labels)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip().split(",")


def test_alertmanager_accepts_its_configuration(tmp_path):
    answer = amtool(tmp_path, "check-config", SHIPPED)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_alert_reaches_the_guard_and_the_team(tmp_path):
    assert routes(tmp_path, "alertname=HighErrorRate", "severity=critical") == ["release-guard", "team"]


def test_the_heartbeat_reaches_the_guard_alone(tmp_path):
    assert routes(tmp_path, "alertname=Watchdog") == ["release-guard"]


def test_prometheus_accepts_the_scrape_configuration():
    answer = promtool("check", "config", ROOT / "exporters" / "prometheus.yml")
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_prometheus_accepts_the_alert_rules(path):
    answer = promtool("check", "rules", path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
