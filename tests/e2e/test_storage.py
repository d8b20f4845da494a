# SPDX-License-Identifier: Apache-2.0
"""The guard's storage: one guard at a time on a folder and a port, and nothing done that a full disk cannot keep."""

import re
import shutil
import socket
import subprocess
import threading
import time

import pytest

from shop import E2E, ShopGuard, group
from stack import Alertmanager, Guard, ServerError, wait_until
from stack.alertmanager import shipped_configuration
from stack.server import ROOT

BROKEN = {"alertname": "Broken", "service": "shop"}


def refused_start(guard, **flags):
    """What a second guard with this one's configuration says when it is started with one flag changed."""
    class Second(Guard):
        def argv(self):
            own = dict(argument.split("=", 1) for argument in map(str, super().argv()[2:]))
            return [*super().argv()[:2], *(f"{name}={value}" for name, value in {**own, **flags}.items())]

    second = Second(guard.directory.parent, {"rule_files": [str(guard.directory / "rules.yml")],
                                             "hooks": guard.configuration["hooks"]}, name="second")
    (second.directory / "undo.sh").write_text("#!/bin/sh\n")
    (second.directory / "undo.sh").chmod(0o755)
    try:
        with pytest.raises(ServerError) as refused:
            second.start()
    finally:
        second.close()
    return str(refused.value)


@pytest.fixture
def guard(stack):
    return ShopGuard(stack, group(E2E)).start()


def test_a_second_guard_on_one_storage_folder_is_refused(guard):
    said = refused_start(guard, **{"--storage.path": guard.directory / "data"})
    assert "ended with 1" in said
    assert f"another release guard (process {guard.pid}) uses the storage {guard.directory / 'data'}" in said
    assert "give this one a --storage.path of its own" in said


def test_a_second_guard_on_one_port_is_refused(guard):
    said = refused_start(guard, **{"--web.listen-address": guard.address})
    assert "ended with 1" in said
    assert f"127.0.0.1:{guard.port.number}: Address already in use" in said
    assert "end it, or choose another port" in said


def test_a_guard_whose_storage_is_taken_away_ends_and_a_second_never_acts_beside_it(guard):
    """Fault row 52, as somebody brings it about who moves a folder."""
    guard.watch("r1")
    data = guard.directory / "data"
    data.rename(guard.directory / "moved")
    try:
        assert guard.post("/r1/signal", name="e2e", status="failed").status == 503
    except ConnectionError:
        pass   # it ended before it answered
    assert guard.wait_ended() == 1
    assert "lock was removed or replaced while the guard ran" in guard.log_tail()
    assert guard.keys() == [], "what could not be stored was not done"
    guard.start()
    assert guard.announce("r1").status == 201, "the folder of the second is a new one"


def test_a_guard_whose_storage_is_taken_away_ends_though_nothing_happens(guard):
    shutil.rmtree(guard.directory / "data")
    assert guard.wait_ended(30) == 1
    assert not (guard.directory / "data").exists()


def backup_line():
    """The line of docs/install.md, as it stands there."""
    (line,) = re.findall(r"^sqlite3 .*backup.*$", (ROOT / "docs" / "install.md").read_text(), re.MULTILINE)
    return line


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not on this machine")
def test_the_documented_backup_can_be_made_at_any_time_and_restored(stack):
    guard = ShopGuard(stack, group(E2E, window="10m")).start()
    guard.watch("r1")
    line = backup_line().replace("/var/lib/release-guard", str(guard.directory / "data"))
    with ShopGuardNews(guard) as news:
        for _ in range(20):
            done = subprocess.run(["sh", "-c", line], cwd=guard.directory, text=True, capture_output=True, timeout=150,
                                  check=False)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert news.taken > 10 * news.refused, "and the guard went on meanwhile: what it refuses comes again"
    guard.kill()
    (guard.directory / "copy.db").replace(guard.directory / "data" / "journal.db")
    (guard.directory / "data" / "journal.db-journal").unlink()
    guard.start()
    assert guard.release("r1")["phase"] in ("settling", "watching")


class ShopGuardNews:
    """Signals that reach the guard one after the other, from a thread."""

    def __init__(self, guard):
        self._guard = guard
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self.taken = self.refused = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _send(self):
        while not self._ended.wait(0.02):   # a file that is locked without a break cannot be copied
            answer = self._guard.post("/r1/signal", name="e2e", status="succeeded", detail="x" * 2000)
            self.taken += answer.status == 200
            self.refused += answer.status != 200


def test_a_crashed_guard_leaves_no_lock_behind(guard):
    guard.kill()
    guard.start()
    guard.watch("r1")


class SmallDisk:
    """A file system of 1 MiB mounted at a folder, and what fills it."""

    def __init__(self, folder):
        self.folder = folder
        self._filling = folder / "filling"

    def fill(self):
        with open(self._filling, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 512)
            except OSError:
                return

    def make_room(self):
        self._filling.unlink()


@pytest.fixture
def disk(stack):
    folder = stack.directory / "release_guard" / "data"
    folder.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)],
                             capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    yield SmallDisk(folder)
    stack.close()
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def use_up(guard):
    """Writes until the files of the journal, too, have no room left; the refusal of a short message."""
    def post(detail):
        return guard.post("/r1/signal", name="e2e", status="succeeded", detail=detail)

    return wait_until(lambda: post("x" * 4000).status == 503 and _refused(post("short")), "the disk is full")


def _refused(answer):
    return answer if answer.status == 503 else None


def test_fault_48_on_a_full_disk_nothing_is_acknowledged_and_no_hook_is_called(stack, disk):
    guard = ShopGuard(stack, group(E2E, window="60s")).start()
    guard.watch("r1")
    disk.fill()
    refused = use_up(guard)
    assert "so nothing was done" in refused.json()["error"]
    assert guard.post("/r1/signal", name="e2e", status="failed").status == 503
    assert guard.announce("r2").status == 503
    assert guard.post("/r1/rollback").status == 503
    assert guard.call("GET", "/-/ready").status == 503
    assert guard.keys() == []
    disk.make_room()
    wait_until(lambda: guard.post("/r1/signal", name="e2e", status="failed").status == 200, "there is room again")
    guard.wait_phase("r1", "rolled_back")
    wait_until(lambda: guard.call("GET", "/-/ready").status == 200, "the guard sees that there is room")
    assert guard.keys() == ["shop/production/r1/1"]


def test_ready_tells_of_the_disk_though_nothing_commits(stack, disk):
    """Fault row 48 between two commits: full, and with room again."""
    guard = ShopGuard(stack, group(E2E, window="60s"), tokens=[{"name": "reader", "role": "read",
                                                               "token_file": "reader.token"}])
    guard.write_token("reader.token", "a-token-that-may-read")
    guard.start()
    disk.fill()
    refused = wait_until(lambda: _refused(guard.call("GET", "/-/ready")), "the guard sees that the disk is full")
    assert refused.text == "Release Guard is not ready.\nthe journal cannot be written\n"
    guard.token = "a-token-that-may-read"
    detail = guard.call("GET", "/-/ready").text
    assert f"{disk.folder}: no room for 128 KiB more: No space left on device" in detail
    assert _metric(guard, "release_guard_store_trouble") == 1
    disk.make_room()
    wait_until(lambda: guard.call("GET", "/-/ready").status == 200, "the guard sees that there is room")
    assert _metric(guard, "release_guard_store_trouble") == 0


class SlowDisk(ShopGuard):
    """A guard whose every sync from the `first`-th on takes very long, watched as systemd watches it."""

    first = 1
    manager = None  # where it says that it is alive

    def env(self):
        return {**super().env(), "NOTIFY_SOCKET": self.manager, "WATCHDOG_USEC": "400000"}

    def argv(self):
        inject = f"--inject=fsync,fdatasync:delay_enter=60000000:when={self.first}+"
        return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", inject, *super().argv()]


def _announce_some(guard):
    """Makes the guard sync until a sync hangs."""
    try:
        while guard.announce(f"a{time.monotonic_ns()}").status == 201:
            pass
    except OSError:
        pass   # the guard was ended


def test_a_disk_whose_sync_hangs_is_trouble_while_it_hangs(stack):
    if shutil.which("strace") is None or subprocess.run(
            ["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("nothing can be traced here")
    counted = ShopGuard(stack, group(E2E)).start()   # makes the journal, so that the next start syncs little
    counted.stop()
    guard = SlowDisk(stack, group(E2E))
    guard.first = 12
    guard.manager = str(stack.directory / "notify")
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(guard.manager)
    manager.settimeout(20)
    guard.start()
    wait_until(lambda: manager.recv(1024) == b"WATCHDOG=1", "it says that it is alive")
    threading.Thread(target=_announce_some, args=(guard,), daemon=True).start()
    refused = wait_until(lambda: _refused(guard.call("GET", "/-/ready")), "the guard sees that its disk hangs", 60)
    assert "the disk does not answer: what was begun at" in refused.text
    late = guard.announce("r2")
    assert late.status == 503
    assert "so nothing was done" in late.json()["error"]
    assert guard.call("GET", "/-/healthy").status == 200, "the loop runs"
    manager.setblocking(False)
    with pytest.raises(BlockingIOError):   # what it said before
        while True:
            manager.recv(1024)
    manager.settimeout(2)
    with pytest.raises(TimeoutError):
        manager.recv(1024)
    manager.close()
    guard.kill()


def test_fault_34_alertmanager_delivers_again_once_there_is_room(stack, disk):
    rule = {"slo": "alerts", "alerts": ['service="shop"'], "objective": "none firing"}
    guard = ShopGuard(stack, group(rule, E2E, window="60s")).start()
    token = guard.write_token("alertmanager.token", "not asked for without tokens")
    alertmanager = stack.add(Alertmanager(
        stack.directory, shipped_configuration(f"{guard.url}/api/v1/alertmanager", token)))
    guard.watch("r1")
    disk.fill()
    use_up(guard)
    alertmanager.post({"labels": BROKEN, "annotations": {"description": "too long for what is left " * 1000}})
    refusals = 'release_guard_alerts_received_total{result="refused"}'
    wait_until(lambda: _metric(guard, refusals) >= 2, "Alertmanager has tried twice")
    assert guard.keys() == []
    disk.make_room()
    guard.wait_phase("r1", "verifying", "rolled_back")
    alertmanager.resolve(BROKEN)
    guard.wait_phase("r1", "rolled_back")
    assert guard.keys() == ["shop/production/r1/1"]


def _metric(guard, series):
    page = guard.call("GET", "/metrics").text
    return next(float(line.split()[-1]) for line in page.splitlines() if line.startswith(series))
