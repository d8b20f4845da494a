# SPDX-License-Identifier: Apache-2.0
"""What shows on a real Prometheus that a version serves: nothing is held against a release before, and a rollback holds
again only once the previous version is back."""

from shop import ERRORS, ShopGuard, group
from stack import wait_until

SERVES = 'count(app_info{version="{{ version }}"}) >= 1'


def test_a_release_is_judged_from_when_its_version_serves_and_its_rollback_once_the_old_one_does(stack, prometheus, dial):
    dial.set('app_info{version="v1"}', 1)
    dial.set("errors", 0.2)   # of the version before, which is still there
    rules = {**group(ERRORS, window="2m", settle="2s", verify="60s"), "serves": SERVES, "serves_within": "2s"}
    guard = ShopGuard(stack, rules, prometheus={"url": prometheus.url}).start()
    guard.watch("r1")

    wait_until(lambda: guard.release("r1")["needs_person"], "a person is told that it does not serve")
    release = guard.release("r1")
    assert release["needs_person"].startswith("version v2 was not seen to serve: the query returned no series, 2s after")
    assert (release["phase"], release["settle_end"], guard.rule("r1", "errors")["reason"]) == ("settling", None, "not_serving")
    assert guard.keys() == []

    dial.set("errors", 0)
    dial.remove('app_info{version="v1"}')
    dial.set('app_info{version="v2"}', 1)
    guard.wait_phase("r1", "watching")
    assert guard.release("r1")["serves_since"]
    assert "version v2 was seen to serve" in [event["message"] for event in guard.release("r1")["timeline"]]
    wait_until(lambda: guard.rule("r1", "errors")["verdict"] == "ok", "it is seen to be good")

    dial.set("errors", 0.2)
    guard.wait_phase("r1", "verifying")
    dial.set("errors", 0)     # well, and still of the version that was to go
    wait_until(lambda: guard.rule("r1", "errors")["value"] == 0, "what is there is read")
    guard.restart()
    wait_until(lambda: guard.release("r1")["needs_person"], "a person is told that the old version is not back")
    assert guard.release("r1")["not_serving"] == "version v1 was not seen to serve: the query returned no series"
    assert guard.release("r1")["held_again_at"] is None

    dial.remove('app_info{version="v2"}')
    dial.set('app_info{version="v1"}', 1)
    wait_until(lambda: guard.release("r1")["held_again_at"], "the objectives hold again")
    assert len(guard.keys()) == 1
