# SPDX-License-Identifier: Apache-2.0
"""What a breach leads to in each mode and under each brake, and what people may order."""

from datetime import datetime, timedelta, timezone

import pytest

from shop import E2E, ShopGuard, group
from stack import wait_until


@pytest.fixture
def start(stack):
    """start(rollback settings, …) -> a running guard whose one rule is the signal e2e."""
    def started(hook="", more=None, **settings):
        return ShopGuard(stack, group(E2E, **settings), hook=hook, **(more or {})).start()
    return started


def kinds(release):
    return [decision["kind"] for decision in release["decisions"]]


def test_observe_says_what_would_happen_and_does_nothing(start):
    guard = start(mode="observe")
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    ended = guard.wait_phase("r1", "breached")
    assert kinds(ended) == ["would_rollback", "breached"]
    assert "e2e: " in ended["reason"]
    assert guard.keys() == []


def test_enforce_rolls_back_without_asking(start):
    guard = start()
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    ended = guard.wait_phase("r1", "rolled_back")
    assert kinds(ended) == ["rollback"]
    assert guard.keys() == ["shop/production/r1/1"]


def test_ask_waits_for_a_person(start):
    guard = start(mode="ask")
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    asked = guard.wait_phase("r1", "awaiting_approval")
    assert asked["needs_person"].startswith("approve the rollback or abort")
    assert guard.keys() == []
    guard.order("r1", "approve", reason="looked at it")
    ended = guard.wait_phase("r1", "rolled_back")
    assert kinds(ended) == ["ask", "rollback"]
    assert "looked at it" in ended["decisions"][1]["reason"]
    assert guard.keys() == ["shop/production/r1/2"]


def test_ask_that_nobody_answers_ends_breached(start):
    guard = start(mode="ask")
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    guard.wait_phase("r1", "breached")
    assert guard.keys() == []


def test_a_paused_window_stands_still(start):
    guard = start(window="2s")
    guard.watch("r1")
    guard.signal_e2e("r1", "succeeded")
    paused = guard.order("r1", "pause", reason="looking")
    assert paused["paused"] and paused["window_end"] is None
    guard.signal_e2e("r1", "failed")
    wait_until(lambda: guard.rule("r1", "e2e")["reason"] == "paused", "a reading was taken in the pause")
    assert guard.release("r1")["decisions"] == []
    guard.signal_e2e("r1", "succeeded")
    guard.order("r1", "resume")
    assert guard.wait_phase("r1", "passed")["reason"] == "every objective held over 2s"


def test_an_aborted_release_stays_as_it_is(start):
    guard = start()
    guard.watch("r1")
    ended = guard.order("r1", "abort", reason="a drill")
    assert (ended["phase"], ended["final"]) == ("aborted", True)
    assert "a drill" in ended["reason"]
    refused = guard.post("/r1/signal", name="e2e", status="failed")
    assert refused.status == 409
    assert guard.keys() == []


def test_a_person_may_roll_back_a_healthy_release(start):
    guard = start()
    guard.watch("r1")
    guard.signal_e2e("r1", "succeeded")
    guard.order("r1", "rollback", reason="customers complain")
    ended = guard.wait_phase("r1", "rolled_back")
    assert (ended["decisions"][0]["trigger"], ended["decisions"][0]["hook"]) == ("manual", "undo")
    assert guard.keys() == ["shop/production/r1/1"]


def test_a_newer_release_supersedes_the_older(start):
    guard = start()
    guard.watch("r1")
    guard.watch("r2", version="v3", previous_version="v2")
    assert "r2" in guard.wait_phase("r1", "superseded")["reason"]
    refused = guard.post("/r1/rollback", reason="too late")
    assert refused.status == 409
    assert guard.release("r2")["phase"] in ("settling", "watching")


def test_a_freeze_refuses_releases_with_its_reason_but_lets_hotfixes_pass(start):
    now = datetime.now(timezone.utc)
    freeze = {"match": ['environment="production"'], "from": (now - timedelta(hours=1)).isoformat(timespec="seconds"),
              "until": (now + timedelta(hours=1)).isoformat(timespec="seconds"), "allow": ["hotfix"],
              "reason": "the sale is on"}
    guard = start(more={"freezes": [freeze]})
    refused = guard.announce("r1")
    assert refused.status == 423
    assert "the sale is on" in refused.json()["error"]
    assert guard.announce("r2", kind="hotfix").status == 201


def test_the_kill_switch_holds_the_guard_but_not_a_person(start):
    guard = start(more={"brakes": {"kill_switch_file": "kill-switch"}})
    (guard.directory / "kill-switch").touch()
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    held = wait_until(lambda: guard.release("r1")["decisions"] and guard.release("r1"), "the breach is held")
    assert (held["decisions"][0]["kind"], held["decisions"][0]["brake"]) == ("hold", "kill_switch")
    assert "kill switch" in held["needs_person"]
    assert guard.keys() == []
    guard.order("r1", "rollback")
    guard.wait_phase("r1", "rolled_back")
    assert guard.keys() == ["shop/production/r1/2"]


def test_a_second_automatic_rollback_waits_for_the_cooldown(start):
    guard = start(cooldown="1h")
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    guard.wait_phase("r1", "rolled_back")
    guard.watch("r2", version="v3")
    guard.signal_e2e("r2", "failed")
    held = wait_until(lambda: guard.release("r2")["decisions"], "the breach is held")
    assert (held[0]["kind"], held[0]["brake"]) == ("hold", "cooldown")
    assert guard.keys() == ["shop/production/r1/1"]


def test_a_release_that_undoes_another_is_never_rolled_back_automatically(start):
    guard = start()
    guard.watch("r1", kind="rollback")
    guard.signal_e2e("r1", "failed")
    held = wait_until(lambda: guard.release("r1")["decisions"], "the breach is held")
    assert (held[0]["kind"], held[0]["brake"]) == ("hold", "is_rollback")
    assert guard.keys() == []


def test_a_hook_that_says_try_again_is_called_again_with_the_same_key(start):
    guard = start(hook="[ $RELEASE_GUARD_ATTEMPT = 2 ] || exit 75")
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    ended = guard.wait_phase("r1", "rolled_back")
    assert [attempt["result"] for attempt in ended["decisions"][0]["attempts"]] == ["retry", "done"]
    assert guard.keys() == ["shop/production/r1/1"] * 2


def test_a_hook_that_fails_calls_a_person(start):
    guard = start(hook="echo no such colour; exit 3")
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    ended = guard.wait_phase("r1", "rollback_failed")
    assert "roll back by hand" in ended["needs_person"]
    assert ended["decisions"][0]["attempts"][0]["output"] == "no such colour\n"
    assert len(guard.keys()) == 1
