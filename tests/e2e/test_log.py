# SPDX-License-Identifier: Apache-2.0
"""The log as others read it: whoever reads it too slowly, or not at all, does not hold the guard up."""

import fcntl
import os
import subprocess

import pytest

from shop import E2E, ShopGuard, group
from stack import wait_until


class PipedGuard(ShopGuard):
    """A guard whose log goes into a pipe that is read when the test says so."""

    def launch(self):
        self.write_configuration()
        self.reader, writer = os.pipe()
        self._process = subprocess.Popen([*map(str, self.argv())], cwd=self.directory, env=self.env(),
                                         stdin=subprocess.DEVNULL, stdout=writer, stderr=writer,
                                         start_new_session=True)
        os.close(writer)
        fcntl.fcntl(self.reader, fcntl.F_SETFL, os.O_NONBLOCK)
        return self

    def read(self):
        """What stands in the pipe now."""
        try:
            return os.read(self.reader, 1 << 20).decode()
        except BlockingIOError:
            return ""


@pytest.fixture
def guard(stack):
    guard = PipedGuard(stack, group(E2E, window="60s")).start()
    yield guard
    guard.stop()
    os.close(guard.reader)


def fill_log(guard):
    """Reloads of a file with more errors than a line of the log has room for; until lines are lost."""
    rules = guard.directory / "rules.yml"
    good = rules.read_text()
    rules.write_text("groups:\n" + "".join(f"  - unknown_key_number_{i}: x\n" for i in range(40)))

    def lost():
        assert guard.call("POST", "/-/reload").status == 500
        page = guard.call("GET", "/metrics").text
        return next(float(line.split()[-1]) for line in page.splitlines()
                    if line.startswith("release_guard_log_lines_lost_total "))

    count = wait_until(lost, "lines are lost", 90)
    rules.write_text(good)
    return count


def test_a_log_that_nobody_reads_does_not_stop_the_guard_and_tells_of_it_afterwards(guard):
    guard.watch("r1")
    assert fill_log(guard) >= 1
    guard.signal_e2e("r1", "failed")
    guard.wait_phase("r1", "rolled_back")
    assert guard.keys() == ["shop/production/r1/1"]
    text = ""

    def told():
        nonlocal text
        text += guard.read()
        return "lines were lost here: whoever reads the log did not keep up" in text

    wait_until(told, "the log says that lines were lost")


def test_a_guard_whose_log_nobody_reads_ends_in_order(guard):
    fill_log(guard)
    guard.signal(15)
    assert guard.wait_ended() == 0


class UnnamedBoot(ShopGuard):
    """A guard where the kernel does not name this boot, as under ProcSubset=pid."""

    def argv(self):
        hide = 'mount --bind /dev/null /proc/sys/kernel/random/boot_id && exec "$0" "$@"'
        return ["unshare", "--mount", "sh", "-c", hide, *super().argv()]


def test_a_boot_without_a_name_is_told_at_start(stack):
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("nothing can be hidden here")
    guard = UnnamedBoot(stack, group(E2E)).start()
    assert "the kernel's name of this boot cannot be read" in guard.log.read_text()
