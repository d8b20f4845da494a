# SPDX-License-Identifier: Apache-2.0
"""The command line as a pipeline and a person use it: every subcommand, exit codes, the progress line."""

import os
import pty
import subprocess
import threading

import pytest

from shop import E2E, ShopGuard, group
from stack import wait_until
from stack.guard import BINARY


@pytest.fixture
def start(stack):
    """start(hook=…, settings…) -> a guard with one rule, the signal e2e."""
    return lambda hook="", **settings: ShopGuard(stack, group(E2E, **settings), hook=hook).start()


def release(guard, *arguments):
    """Runs `release-guard release …`, which must exit 0; what it printed."""
    done = guard.run("release", *arguments)
    assert done.returncode == 0, f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def begin(guard):
    """Announces a release that is live, as a pipeline does; its id."""
    return release(guard, "start", "--service", "shop", "--environment", "production", "--version", "v2",
                   "--previous-version", "v1").strip()


ENDS = {
    "passed": lambda guard, id: release(guard, "signal", id, "e2e", "succeeded"),
    "rolled_back": lambda guard, id: release(guard, "signal", id, "e2e", "failed", "--detail", "3 of 40"),
    "rollback_failed": lambda guard, id: (guard.write_hook("exit 1"), release(guard, "signal", id, "e2e", "failed")),
    "unverified": lambda guard, id: None,
    "aborted": lambda guard, id: release(guard, "abort", id, "--reason", "a drill"),
    "superseded": lambda guard, id: begin(guard),
}


CODES = {"passed": 0, "rolled_back": 3, "rollback_failed": 4, "unverified": 6, "aborted": 7, "superseded": 8}


@pytest.mark.parametrize("outcome", ENDS)
def test_a_pipeline_that_waits_gets_the_outcome_as_its_exit_code(start, outcome):
    guard = start()
    id = begin(guard)
    ENDS[outcome](guard, id)
    waited = guard.run("release", "status", id, "--wait", "--timeout", "1m")
    assert waited.returncode == CODES[outcome]
    assert outcome.replace("_", " ") in waited.stdout.splitlines()[0]
    assert guard.release(id)["phase"] == outcome


def test_a_pipeline_outlasts_a_restart_of_the_guard(start):
    guard = start(window="6s")
    id = begin(guard)
    release(guard, "signal", id, "e2e", "succeeded")
    waited = {}
    waiter = threading.Thread(target=lambda: waited.update(done=guard.run("release", "status", id, "--wait")))
    waiter.start()
    guard.kill()
    guard.start()
    waiter.join(30)
    assert waited["done"].returncode == 0, waited["done"].stderr


def test_a_wait_that_takes_too_long_says_so_and_leaves_the_release_alone(start):
    guard = start(window="60s")
    id = begin(guard)
    waited = guard.run("release", "status", id, "--wait", "--timeout", "1s")
    assert waited.returncode == 9
    assert f"release {id} has not ended within 1s" in waited.stderr
    assert not guard.release(id)["final"]


def test_on_a_terminal_one_line_of_progress_is_drawn_again_and_again(start):
    guard = start()
    id = begin(guard)
    release(guard, "signal", id, "e2e", "succeeded")
    ours, its = pty.openpty()
    waiter = subprocess.Popen([BINARY, "release", "status", id, "--wait", "--server", guard.url], stdin=its, stdout=its,
                              stderr=its, env={**os.environ, "TERM": "xterm"})
    os.close(its)
    shown = _all_of(ours)
    assert waiter.wait(30) == 0
    drawn = [line for line in shown.split("\r\x1b[K")[1:] if "left" in line]
    assert len(drawn) >= 3, shown
    assert all("\n" not in line and len(line) < 80 for line in drawn)
    assert any("watching" in line and "e2e" in line for line in drawn)
    assert "\x1b[32mpassed" in shown


def _all_of(descriptor):
    text = b""
    try:
        while piece := os.read(descriptor, 4096):
            text += piece
    except OSError:
        pass   # the other side is closed
    os.close(descriptor)
    return text.decode()


def test_every_subcommand_of_release(start):
    guard = start(mode="ask", window="60s")
    id = release(guard, "start", "--service", "shop", "--environment", "production", "--version", "v2",
                 "--previous-version", "v1", "--id", "r1", "--phase", "deploying", "--label", "team=checkout",
                 "--kind", "hotfix").strip()
    assert id == "r1"
    assert "settling" in release(guard, "live", id)
    assert "paused" in release(guard, "pause", id, "--reason", "looking")
    assert "paused" not in release(guard, "resume", id)
    release(guard, "signal", id, "e2e", "failed", "--detail", "3 of 40")
    guard.wait_phase(id, "awaiting_approval")
    assert "A PERSON IS NEEDED" in release(guard, "status", id)
    assert "rolling back" in release(guard, "approve", id, "--reason", "seen")
    guard.wait_phase(id, "rolled_back")
    explained = release(guard, "status", id, "--explain")
    assert "3 of 40" in explained
    assert "Timeline" in explained
    assert '"phase":"rolled_back"' in release(guard, "status", id, "--json")
    listed = release(guard, "list", "--service", "shop")
    assert "v2" in listed and "rolled back" in listed
    assert release(guard, "list", "--open") == "no releases\n"
    for format, mark in {"md": "# ", "html": "<html", "json": "{"}.items():
        report = release(guard, "report", id, "--format", format)
        assert mark in report and "the hook is done" in report
        assert "approved by" in report
    second = begin(guard)
    release(guard, "abort", second)
    release(guard, "rollback", second, "--reason", "customers complain")
    guard.wait_phase(second, "rolled_back")


def test_start_and_wait_in_one(start):
    guard = start()
    started = guard.run("release", "start", "--service", "shop", "--environment", "production", "--version", "v2",
                        "--previous-version", "v1", "--wait", "--timeout", "1m")
    assert started.returncode == 6
    assert "unverified" in started.stdout


def test_the_same_id_with_another_body_is_refused(start):
    guard = start()
    same = ("start", "--service", "shop", "--environment", "production", "--previous-version", "v1", "--id", "r1")
    release(guard, *same, "--version", "v2")
    assert release(guard, *same, "--version", "v2") == "r1\n"
    refused = guard.run("release", *same, "--version", "v3")
    assert refused.returncode == 1
    assert "announced with another body" in refused.stderr


def test_healthcheck(start):
    guard = start()
    well = guard.run("healthcheck")
    assert (well.returncode, well.stdout) == (0, "Release Guard is ready.\n")
    guard.kill()
    away = guard.run("healthcheck")
    assert away.returncode == 1
    assert "no guard answers" in away.stderr
    guard.start()


@pytest.mark.parametrize("arguments, said", [
    ((), "subcommand is required"),
    (("relase",), 'did you mean release'),
    (("release", "status"), "ID"),
    (("release", "signal", "r1", "e2e", "maybe"), "succeeded|failed"),
    (("release", "start", "--service", "shop"), "--environment"),
    (("serve", "--storage.pth=x"), "--storage.path"),
    (("serve", "--web.listen-address=nowhere"), "127.0.0.1:8929"),
    (("release", "status", "r1", "--timeout", "1.5h"), "timeout"),
])
def test_a_command_line_that_cannot_be_understood_exits_2(arguments, said):
    done = subprocess.run([BINARY, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
                          check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "--help" in done.stderr
