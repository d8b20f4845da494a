# SPDX-License-Identifier: Apache-2.0
"""`./dev demo` as a person runs it: what is on the terminal, and that nothing of it is left when it is interrupted."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from stack import NotInTime, get, wait_until
from stack.backends import DEMO

WITHOUT_RELEASES = f"""
import sys
sys.path.insert(0, {str(DEMO)!r})
import demo
demo.SCENARIOS = ()
sys.exit(demo.main())
"""


def _command_line(entry):
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return "(ended meanwhile)"


class Demo:
    """The demo on a terminal of its own."""

    def __init__(self, *arguments):
        self._mark = f"RELEASE_GUARD_DEMO_TEST={uuid.uuid4()}"
        name, value = self._mark.split("=")
        self._terminal, its = pty.openpty()
        self.process = subprocess.Popen([sys.executable, "-B", *arguments], stdin=its, stdout=its, stderr=its,
                                        start_new_session=True, env={**os.environ, name: value, "TERM": "xterm"})
        os.close(its)
        self.shown = ""

    def wait_for(self, text, seconds=120, after=""):
        """Reads what it shows until this text has come, after that one where one is given."""
        deadline = time.monotonic() + seconds
        while text not in (self.shown.partition(after)[2] if after else self.shown):
            assert time.monotonic() < deadline, f"no {text!r} in:\n{self.shown}"
            self._read(0.2)

    def interrupt(self, number=signal.SIGINT):
        """As a terminal does it: to the demo and what it runs in the foreground."""
        os.killpg(self.process.pid, number)

    def wait_ended(self):
        deadline = time.monotonic() + 30
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running:\n{self.shown}"
            self._read(0.2)
        self._read(0)
        return self.process.returncode

    def directory(self):
        return Path(re.search(r"starts the servers in (\S+)", self.shown)[1])

    def left(self):
        """What it started and what runs in its directory: pid and command line of each."""
        return [f"{entry.name} {_command_line(entry)}" for entry in Path("/proc").iterdir()
                if entry.name.isdigit() and self._owns(entry)]

    def wait_gone(self):
        """Waits until nothing of it is left; fails naming what is."""
        try:
            wait_until(lambda: not self.left(), "everything it started is gone", 5)
        except NotInTime as late:
            raise AssertionError(f"{late}; left: {self.left()}") from None

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._terminal)

    def _owns(self, entry):
        try:
            marked = self._mark.encode() in (entry / "environ").read_bytes().split(b"\0")
            return marked or str(self.directory()) in os.readlink(entry / "cwd")
        except OSError:
            return False   # ended meanwhile, or another user's

    def _read(self, seconds):
        try:
            while select.select([self._terminal], [], [], seconds)[0]:
                self.shown += os.read(self._terminal, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
                seconds = 0
        except OSError:
            pass   # it has ended and closed its side


@pytest.fixture
def demo():
    started = []

    def start(*arguments):
        started.append(Demo(*arguments))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.mark.parametrize("moment", ["starts the servers", "settling", "rolling back"])
def test_an_interrupt_at_any_moment_leaves_nothing_behind(demo, moment):
    running = demo(str(DEMO / "demo.py"))
    running.wait_for(moment)
    assert running.left()
    running.interrupt()
    running.interrupt()   # an impatient person's second
    assert running.wait_ended() == 130
    assert "Interrupted; everything is ended." in running.shown
    assert "Traceback" not in running.shown
    running.wait_gone()
    assert not running.directory().exists()


def test_keep_leaves_everything_running_and_names_the_addresses(demo):
    running = demo("-c", WITHOUT_RELEASES, "--keep")
    running.wait_for("Ctrl-C ends it.")
    running.wait_for("operator's token", 5, after="Ctrl-C ends it.")
    addresses = dict(re.findall(r"^  (\w+) +(http://\S+)$", running.shown.split("Ctrl-C")[1], re.MULTILINE))
    assert set(addresses) == {"service", "prometheus", "alertmanager", "guard"}
    assert get(f"{addresses['guard']}/-/ready").status == 200
    assert get(f"{addresses['prometheus']}/-/ready").status == 200
    running.interrupt(signal.SIGTERM)
    assert running.wait_ended() == 130
    running.wait_gone()


def test_what_it_shows_fits_on_a_terminal_of_100_columns(demo):
    running = demo(str(DEMO / "demo.py"))
    running.wait_for("2. A release")
    running.interrupt()
    running.wait_ended()
    before, _, releases = running.shown.partition("1. A good release")
    assert "A release may begin: all 24 checks passed." in before and "NOT AS EXPECTED" not in running.shown
    assert "releases are frozen until" in before and "the sale of the year" in before
    running.shown = releases
    assert "\033[32mok\033[0m" in running.shown
    assert "\033[32mpassed: every objective held over 10s\033[0m" in running.shown
    plain = re.sub(r"\033\[\d+m", "", running.shown)
    assert [line for line in plain.splitlines() if len(line) > 100] == []
