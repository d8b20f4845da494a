# SPDX-License-Identifier: Apache-2.0
"""Freezes as people and pipelines meet them: begun by a person, by a release, by the week; refused, shown, ended."""

from datetime import datetime, timedelta, timezone

import pytest

from shop import E2E, ShopGuard, group


@pytest.fixture
def start(stack):
    """start(keys of the group, …) -> a running guard whose one rule is the signal e2e."""
    def started(more=None, **keys):
        return ShopGuard(stack, {**group(E2E), **keys}, **(more or {})).start()
    return started


def announce(guard, version, *more):
    return guard.run("release", "start", "--service", "shop", "--environment", "production", "--version", version,
                     "--previous-version", "v0", *more)


def metric(guard):
    return next(line for line in guard.call("GET", "/metrics").text.splitlines()
                if line.startswith("release_guard_freeze "))


def test_a_person_begins_a_freeze_that_outlives_the_guard_and_ends_it(start):
    guard = start()
    begun = guard.run("freeze", "start", "--environment", "production", "--for", "3h", "--reason", "the sale")
    assert begun.returncode == 0, begun.stderr
    guard.kill()
    guard.start()
    assert metric(guard) == "release_guard_freeze 1"
    refused = announce(guard, "v1")
    assert refused.returncode == 1
    assert "releases are frozen until" in refused.stderr and "the sale" in refused.stderr
    assert announce(guard, "v1.0.1", "--kind", "hotfix").returncode == 0
    listed = guard.run("release", "list").stdout
    assert listed.startswith("RELEASES ARE FROZEN until") and "v1.0.1" in listed
    assert "the sale" in guard.run("freeze", "list").stdout
    ended = guard.run("freeze", "end", begun.stdout.strip(), "--reason", "sold out")
    assert ended.returncode == 0, ended.stderr
    assert guard.run("freeze", "list").stdout == "no freeze is in force or to come\n"
    assert metric(guard) == "release_guard_freeze 0"
    assert announce(guard, "v2").returncode == 0


def test_the_first_release_of_a_place_freezes_it_and_hotfixes_are_watched_by_the_same_rules(start):
    guard = start(freeze={"for": "24h", "after": ["first"]})
    assert announce(guard, "v1.0.0", "--id", "launch").returncode == 0
    refused = announce(guard, "v1.1.0")
    assert refused.returncode == 1
    assert "1d after shop v1.0.0 went live in production, the first release that is known there" in refused.stderr
    assert announce(guard, "v1.0.1", "--kind", "hotfix", "--id", "fix").returncode == 0
    assert [rule["slo"] for rule in guard.release("fix")["rules"]] == ["e2e"]
    assert guard.run("freeze", "end", "launch").returncode == 0
    assert announce(guard, "v1.1.0").returncode == 0


def test_live_is_refused_once_a_freeze_has_begun(start):
    guard = start()
    assert announce(guard, "v1", "--phase", "deploying", "--id", "r1").returncode == 0
    assert guard.run("freeze", "start", "--service", "shop", "--for", "1h", "--reason", "the sale").returncode == 0
    live = guard.run("release", "live", "r1")
    assert live.returncode == 1
    assert "do not switch, and abort the release" in live.stderr
    assert guard.release("r1")["phase"] == "deploying"


def test_a_part_of_every_week_is_by_the_clocks_of_its_place(start):
    now = datetime.now(timezone.utc)
    day = lambda moment: f"{moment:%a %H:%M}".lower()
    freeze = {"match": ['service="shop"'], "weekly": f"{day(now - timedelta(hours=1))} - {day(now + timedelta(hours=1))}",
              "time_zone": "UTC", "reason": "nobody is there"}
    guard = start(more={"freezes": [freeze]})
    assert "nobody is there" in announce(guard, "v1").stderr
    listed = guard.call("GET", "/api/v1/freezes").json()["freezes"]
    assert [(entry["origin"], entry["begun"]) for entry in listed] == [("configured", True)]
    assert announce(guard, "v1.0.1", "--kind", "hotfix").returncode == 0
    assert announce(guard, "v0.9", "--kind", "rollback").returncode == 0, "the way back stays open"
