# SPDX-License-Identifier: Apache-2.0
"""The guard's storage: one guard at a time on a folder and a port, and nothing done that a full disk cannot keep."""

import subprocess

import pytest

from shop import E2E, ShopGuard, group
from stack import Alertmanager, Guard, ServerError, wait_until
from stack.alertmanager import shipped_configuration

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


def test_on_a_full_disk_nothing_is_acknowledged_and_no_hook_is_called(stack, disk):
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
    assert guard.call("GET", "/-/ready").status == 200
    assert guard.keys() == ["shop/production/r1/1"]


def test_alertmanager_delivers_again_once_there_is_room(stack, disk):
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
