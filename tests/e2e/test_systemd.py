# SPDX-License-Identifier: Apache-2.0
"""The systemd unit: systemd finds nothing wrong with it, and the guard keeps the promises that it makes of the guard."""

import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

from stack import Guard, wait_until
from stack.guard import BINARY
from stack.server import ROOT

UNIT = ROOT / "release-guard.service"
RULES = """
defaults: { window: 1m, settle: 0s, on_no_data: hold, on_error: hold }
groups:
  - name: test
    match: ['service="shop"']
    rollback: { mode: observe }
    rules:
      - { slo: e2e, signal: e2e, objective: succeeded }
"""


@pytest.fixture
def unit(tmp_path):
    """The unit with the program where it is here; everything else as it ships."""
    path = tmp_path / UNIT.name
    path.write_text(UNIT.read_text().replace("/usr/local/bin/release-guard", str(BINARY)))
    return path


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_has_nothing_to_say_against_it(unit):
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], text=True, capture_output=True, timeout=60,
                          check=False)
    # It also reads what the machine has; only what it says of this unit counts.
    ours = [line for line in (done.stdout + done.stderr).splitlines() if unit.name in line]
    assert ours == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_its_exposure_is_small(unit):
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", unit], text=True, capture_output=True,
                          timeout=60, check=False)
    exposure = re.search(r"Overall exposure level for .*?: ([\d.]+)", done.stdout)
    assert exposure is not None, done.stdout + done.stderr
    assert float(exposure[1]) <= 2.5, done.stdout


def override():
    """The override that the unit's head shows."""
    head = UNIT.read_text().split("[Unit]")[0]
    return "\n".join(re.findall(r"^#\s+(\[Service\]|[A-Z]\w+=.*)$", head, re.MULTILINE)) + "\n"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_understands_the_override_that_its_head_shows(unit):
    folder = unit.with_name(f"{unit.name}.d")
    folder.mkdir()
    (folder / "override.conf").write_text(override())
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], text=True, capture_output=True, timeout=60,
                          check=False)
    assert [line for line in (done.stdout + done.stderr).splitlines() if unit.name in line] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_has_nothing_to_say_against_the_socket(unit):
    unit.with_suffix(".socket").write_text(UNIT.with_suffix(".socket").read_text())
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit.with_suffix(".socket"), unit], text=True,
                          capture_output=True, timeout=60, check=False)
    assert [line for line in (done.stdout + done.stderr).splitlines() if "release-guard" in line] == []


def test_what_it_serves_by_is_what_it_checks_at_each_start_and_reload():
    """But for what is no file: the journal, and the arguments that no check knows."""
    text = UNIT.read_text().replace("\\\n", " ")
    commands = {key: re.findall(rf"^{key}=\S+/release-guard (\w+) (.*)$", text, re.MULTILINE)
                for key in ("ExecStartPre", "ExecStart", "ExecReload")}
    served = {word for word in commands["ExecStart"][0][1].split() if word not in ("--storage.path=/var/lib/release-guard", "$ARGS")}
    assert served == {"--config.file=/etc/release-guard/release-guard.yml", "$WEB_CONFIG"}
    for key in ("ExecStartPre", "ExecReload"):
        assert [(command, set(words.split())) for command, words in commands[key]] == [("check", served)]


def test_its_head_offers_nothing_that_the_sandbox_forbids():
    """No privilege can be gained inside: there are no capabilities to gain, and no user to become."""
    settings = dict(re.findall(r"^([A-Z]\w+)=(.*)$", UNIT.read_text(), re.MULTILINE))
    assert (settings["CapabilityBoundingSet"], settings["NoNewPrivileges"]) == ("", "true")
    offered = dict(re.findall(r"^([A-Z]\w+)=(.*)$", override(), re.MULTILINE))
    assert offered and not set(offered) & {"NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities", "User"}


def test_a_crash_leaves_no_dump_of_the_tokens():
    settings = dict(re.findall(r"^([A-Z]\w+)=(.*)$", UNIT.read_text(), re.MULTILINE))
    assert settings["LimitCORE"] == "0"


class NotifiedGuard(Guard):
    """A guard that was started as systemd starts it."""

    def __init__(self, directory, configuration, socket_path):
        super().__init__(directory, configuration)
        self._socket_path = socket_path

    def env(self):
        return {**os.environ, "NOTIFY_SOCKET": str(self._socket_path), "WATCHDOG_USEC": "400000"}


def test_the_guard_says_when_it_is_ready_alive_and_stopping(stack, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        guard = stack.adopt(NotifiedGuard(stack.directory, {"rule_files": ["rules.yml"]}, tmp_path / "notify"))
        (guard.directory / "rules.yml").write_text(RULES)
        guard.start()
        heard = [manager.recv(1024).decode() for _ in range(4)]
        assert any(message.startswith("READY=1\nSTATUS=listening on") for message in heard)
        assert heard.count("WATCHDOG=1") >= 2
        guard.signal(signal.SIGTERM)
        wait_until(lambda: manager.recv(1024) == b"STOPPING=1", "it says that it stops")
        assert guard.wait_ended() == 0
