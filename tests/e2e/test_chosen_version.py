# SPDX-License-Identifier: Apache-2.0
"""Rolling back to a version that a person names, through a real hook, and over the death of the guard."""

import pytest

from shop import E2E, ShopGuard, group
from stack import wait_until

PATIENT_HOOK = """echo "$RELEASE_GUARD_PREVIOUS_VERSION" >> back.log
[ -e hold ] || exit 0
touch called
until [ -e go ]; do sleep 0.1; done"""


@pytest.fixture
def start(stack):
    def started(**keys):
        return ShopGuard(stack, group(E2E, window="60s"), hook=PATIENT_HOOK, hook_keys=keys).start()
    return started


def back(guard):
    return (guard.directory / "back.log").read_text().split()


def test_the_hook_gets_it_and_the_next_release_replaces_it(start):
    guard = start()
    guard.watch("r1")
    ordered = guard.run("release", "rollback", "r1", "--to", "v0.9.3", "--reason", "v1 is broken too")
    assert ordered.returncode == 0, ordered.stderr
    ended = guard.wait_phase("r1", "verifying", "rolled_back")
    assert ended["decisions"][0]["target"] == "v0.9.3"
    assert back(guard) == ["v0.9.3"]
    assert guard.run("release", "start", "--service", "shop", "--environment", "production", "--version", "v3",
                     "--id", "r2").returncode == 0
    assert guard.release("r2")["previous_version"] == "v0.9.3"


def test_it_is_the_same_for_the_guard_that_comes_after(start):
    guard = start()
    guard.watch("r1")
    (guard.directory / "hold").touch()
    guard.order("r1", "rollback", to="v0.9.3")
    wait_until((guard.directory / "called").exists, "the hook is called")
    guard.kill()
    guard.start()
    (guard.directory / "go").touch()
    ended = guard.wait_phase("r1", "verifying", "rolled_back")
    assert ended["decisions"][0]["target"] == "v0.9.3"
    assert back(guard) == ["v0.9.3"]
    assert guard.keys() == ["shop/production/r1/1"]


def test_what_the_hook_does_not_take_is_refused_before_anything_is_called(start):
    guard = start(versions="v[0-9.]+")
    guard.watch("r1")
    refused = guard.run("release", "rollback", "r1", "--to", "v1;reboot")
    assert refused.returncode == 1
    assert "is no version that the rollback hook" in refused.stderr
    assert guard.release("r1")["decisions"] == []


def test_the_last_version_that_passed_is_told(stack):
    guard = ShopGuard(stack, group(E2E)).start()
    guard.watch("r0", version="v1", previous_version="v0")
    guard.signal_e2e("r0", "succeeded")
    guard.wait_phase("r0", "passed")
    guard.watch("r1", version="v3", previous_version="v2")
    status = guard.run("release", "status", "r1").stdout
    assert "last good" in status and "`release-guard release rollback r1 --to v1` goes back to it" in status
