# SPDX-License-Identifier: Apache-2.0
"""A reload takes a good configuration whole and a bad one not at all; open watches keep the rules they started with."""

import signal

import pytest

from shop import E2E, ShopGuard, group
from stack import wait_until

SMOKE = {"slo": "smoke", "signal": "smoke", "objective": "succeeded"}
OLD, NEW = "the-first-token-of-the-operator", "the-second-token-of-the-operator"


@pytest.fixture
def guard(stack):
    guard = ShopGuard(stack, group(E2E, window="60s"))
    guard.token = OLD
    guard.write_token("operator.token", OLD)
    guard.configuration["tokens"] = [{"name": "operator", "role": "operate", "token_file": "operator.token"}]
    return guard.start()


def by_post(guard):
    return guard.call("POST", "/-/reload").status


def by_sighup(guard):
    """200 or 500, as the guard's log tells it: a signal has no answer."""
    before = guard.log.stat().st_size
    guard.signal(signal.SIGHUP)

    def outcome():
        news = guard.log.read_text()[before:]
        if "configuration reloaded" in news:
            return 200
        return 500 if "the configuration was not reloaded" in news else None
    return wait_until(outcome, "the reload is over", 10)


def metric(guard, name):
    page = guard.call("GET", "/metrics").text
    return next(float(line.split()[1]) for line in page.splitlines() if line.startswith(name + " "))


@pytest.mark.parametrize("reload", [by_post, by_sighup])
def test_a_good_configuration_is_for_the_releases_after_it(guard, reload):
    guard.watch("before")
    guard.write_rules(group(SMOKE, name="other", mode="observe"))
    assert reload(guard) == 200
    guard.watch("after", service="shop", environment="staging")
    before, after = guard.release("before"), guard.release("after")
    assert ([rule["slo"] for rule in before["rules"]], before["group"], before["mode"]) == (["e2e"], "shop", "enforce")
    assert ([rule["slo"] for rule in after["rules"]], after["group"], after["mode"]) == (["smoke"], "other", "observe")
    guard.signal_e2e("before", "failed")
    guard.wait_phase("before", "rolled_back")
    assert guard.keys() == ["shop/production/before/1"]


@pytest.mark.parametrize("reload", [by_post, by_sighup])
def test_a_bad_configuration_changes_nothing_and_is_told(guard, reload):
    guard.watch("r1")
    good = metric(guard, "release_guard_config_last_reload_success_timestamp_seconds")
    guard.write_rules(group({**SMOKE, "objective": "fast"}))
    assert reload(guard) == 500
    assert metric(guard, "release_guard_config_last_reload_successful") == 0
    assert metric(guard, "release_guard_config_last_reload_success_timestamp_seconds") == good
    ready = guard.call("GET", "/-/ready")
    assert ready.status == 200
    assert "the last reload failed; the log and `release-guard check` say why" in ready.text
    assert "objective" not in ready.text, "who has no token reads no line of the configuration"
    guard.watch("r2", environment="staging")
    assert guard.release("r2")["rules"][0]["slo"] == "e2e"
    guard.write_rules(group(E2E))
    assert reload(guard) == 200
    assert metric(guard, "release_guard_config_last_reload_successful") == 1


def test_the_answer_to_a_bad_reload_lists_every_error_with_its_place(guard):
    (guard.directory / "rules.yml").write_text("groups:\n  - name: a\n    windw: 1m\n    match: []\n")
    answer = guard.call("POST", "/-/reload")
    assert answer.status == 500
    assert answer.text.startswith("the configuration was not reloaded; the last good one stays in force:\n")
    assert "rules.yml:3:5: " in answer.text
    assert "did you mean `window`?" in answer.text
    assert "rules.yml:4:" in answer.text


def test_an_open_watch_keeps_a_hook_that_the_new_configuration_no_longer_names(guard):
    guard.watch("r1")
    guard.configuration["hooks"] = [{"name": "other", "command": {"argv": ["./undo.sh"]}}]
    guard.write_configuration()
    guard.write_rules(group(E2E, hook="other"))
    assert by_post(guard) == 200
    guard.signal_e2e("r1", "failed")
    assert guard.wait_phase("r1", "rolled_back")["decisions"][0]["hook"] == "undo"


def test_tokens_are_replaced(guard):
    guard.write_token("operator.token", NEW)
    assert by_post(guard) == 200
    assert guard.call("GET", "/api/v1/releases").status == 401
    guard.token = NEW
    assert guard.call("GET", "/api/v1/releases").status == 200


def test_a_reload_needs_the_operators_role(guard):
    guard.token = None
    assert guard.call("POST", "/-/reload").status == 401
    assert guard.call("GET", "/-/reload").status == 405
