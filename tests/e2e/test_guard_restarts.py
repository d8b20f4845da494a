# SPDX-License-Identifier: Apache-2.0
"""The guard ends or dies in mid-watch: the next one goes on where it stood, and asks for what it missed."""

import signal

import pytest

from shop import E2E, PATIENT, ShopGuard, group, watch_errors
from stack import wait_until


@pytest.mark.parametrize("end", ["sigterm", "kill"])
def test_a_restarted_guard_goes_on_with_its_watch_and_rolls_back(stack, dial, prometheus, end):
    guard = watch_errors(stack, prometheus, **PATIENT)
    before = guard.release("r1")
    if end == "kill":
        guard.kill()
    else:
        guard.signal(signal.SIGTERM)
        assert guard.wait_ended() == 0
    dial.set("errors", 0.2)
    guard.start()
    after = guard.release("r1")
    assert (after["live_at"], after["phase"]) == (before["live_at"], "watching")
    ended = guard.wait_phase("r1", "rolled_back", "verifying", "rolling_back")
    assert ended["decisions"][0]["slo"] == "errors"
    dial.set("errors", 0)
    guard.wait_phase("r1", "rolled_back")
    assert guard.keys() == ["shop/production/r1/1"]


def test_what_was_acknowledged_survives_a_crash(stack):
    guard = ShopGuard(stack, group(E2E, **PATIENT)).start()
    guard.watch("r1")
    guard.signal_e2e("r1", "succeeded")
    guard.order("r1", "pause")
    guard.kill()
    guard.start()
    seen = guard.release("r1")
    assert (seen["paused"], seen["signals"]["e2e"]["status"]) == (True, "succeeded")
    kinds = [event["kind"] for event in seen["timeline"]]
    assert "signal" in kinds and "operator" in kinds


def gaps(release):
    return [event["message"] for event in release["timeline"] if event["kind"] == "gap"]


def test_a_window_that_passed_without_a_guard_is_judged_by_what_prometheus_kept(stack, prometheus):
    guard = watch_errors(stack, prometheus, window="6s", settle="1s")
    guard.kill()
    killed = prometheus.value("time()")
    wait_until(lambda: prometheus.value("time()") - killed > 6, "the window has passed without a guard")
    guard.start()
    ended = guard.wait_phase("r1", "passed")
    assert any("asked for afterwards: errors" in message and "none in breach" in message for message in gaps(ended))


def test_a_breach_that_came_and_went_without_a_guard_is_told_to_a_person(stack, dial, prometheus):
    guard = watch_errors(stack, prometheus, **PATIENT)
    guard.kill()
    dial.set("errors", 0.2)
    wait_until(lambda: prometheus.value("min_over_time(errors[4s])") > 0.1, "errors for four seconds")
    dial.set("errors", 0)
    wait_until(lambda: prometheus.value("errors") == 0, "the errors are over")
    guard.start()
    wait_until(lambda: guard.release("r1")["decisions"], "a decision")
    seen = guard.release("r1")
    assert (seen["decisions"][0]["kind"], seen["decisions"][0]["brake"]) == ("hold", "over")
    assert seen["needs_person"] and guard.keys() == []
