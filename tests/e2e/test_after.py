# SPDX-License-Identifier: Apache-2.0
"""After releases: the report over a time, the figures, and whom to call, of a guard with releases that passed, were
rolled back, were aborted and need a person."""

import pytest

from shop import E2E, ShopGuard, group
from stack import wait_until

CONTACTS = {"primary": "Ada Lovelace - +49 30 1234 - @ada", "lead": "Grace <b>Hopper</b>"}


@pytest.fixture
def guard(stack):
    """Three releases that are over: good passed, bad was rolled back at the pipeline's word, dropped was aborted."""
    guard = ShopGuard(stack, {**group(E2E, window="5s", verify="6s"), "contacts": CONTACTS}).start()
    guard.watch("good", version="v1", previous_version="v0")
    guard.signal_e2e("good", "succeeded")
    guard.wait_phase("good", "passed")
    guard.watch("bad")
    guard.signal_e2e("bad", "failed")
    wait_until(lambda: guard.release("bad")["phase"] == "verifying", "the hook is done")
    guard.signal_e2e("bad", "succeeded")
    guard.wait_phase("bad", "rolled_back", "unverified")
    guard.watch("dropped", version="v3", previous_version="v1")
    guard.order("dropped", "abort", reason="the wrong tag")
    return guard


def test_the_report_tells_each_release_and_what_is_left_to_do(guard):
    report = guard.run("report", "--since", "24h")
    assert report.returncode == 0, report.stderr
    text = report.stdout
    assert text.startswith("Releases in 1d\n")
    for release in ("shop v1 in production", "shop v2 in production", "shop v3 in production"):
        assert release in text
    assert "3 in 1d" in text, "deployments"
    assert "What was the cause?" in text and "[ ] Investigate the root cause: shop v2 in production" in text
    assert "[x] Review deployment metrics and performance" in text
    assert "by the guard" in text
    assert "the wrong tag" in text


def test_each_format_says_the_same(guard):
    markdown = guard.run("report", "--format", "md").stdout
    assert markdown.startswith("# Releases in 1d\n") and "- [ ] Analyze user feedback and error reports" in markdown
    page = guard.run("report", "--format", "html").stdout
    assert page.startswith("<!doctype html>") and "Analyze user feedback" in page and page.endswith("</html>\n")
    told = guard.call("GET", "/api/v1/report?since=24h&format=json").json()
    assert [release["id"] for release in told["releases"]] == ["dropped", "bad", "good"]
    failure = told["releases"][1]["failure"]
    assert failure["detected_at"] >= failure["live_at"]
    assert told["releases"][2]["open_questions"] == []


def test_a_time_and_a_place_without_releases_have_none(guard):
    assert "No release in this time." in guard.run("report", "--service", "till").stdout
    assert guard.run("report", "--since", "soon").returncode == 2
    assert guard.run("report", "--format", "pdf").returncode == 2


def test_the_figures_count_a_rollback_once(guard):
    told = guard.call("GET", "/api/v1/figures?since=30d").json()
    figures = told["all"]
    assert (figures["deployments"], figures["judged"], figures["failed"]) == (3, 2, 1)
    assert figures["change_failure_rate"] == 0.5
    assert sum(day["deployments"] for day in told["days"]) == 3
    assert any("lead time" in note for note in told["notes"])
    assert any("the first release that the guard knows" in note for note in told["notes"])
    shown = guard.run("figures", "--environment", "production")
    assert shown.returncode == 0 and "1 of 2 that were judged failed, 50%" in shown.stdout


def test_the_figures_outlive_the_guard_and_are_metrics(guard):
    before = guard.call("GET", "/api/v1/figures").json()["all"]
    guard.kill()
    guard.start()
    after = guard.call("GET", "/api/v1/figures").json()["all"]
    assert {**before, "deployments_per_week": 0} == {**after, "deployments_per_week": 0}
    metrics = guard.call("GET", "/metrics").text
    assert 'release_guard_deployments_last_30d{service="shop",environment="production"} 3' in metrics
    assert 'release_guard_deployments_failed_last_30d{service="shop",environment="production"} 1' in metrics


def test_whoever_is_needed_is_named_with_those_to_call(stack):
    asking = {**group(E2E, window="20s", mode="ask"), "contacts": CONTACTS}
    guard = ShopGuard(stack, asking).start()
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    guard.wait_phase("r1", "awaiting_approval")
    status = guard.run("release", "status", "r1").stdout
    assert "A PERSON IS NEEDED: approve the rollback" in status
    assert "primary on-call  Ada Lovelace - +49 30 1234 - @ada" in status
    assert guard.release("r1")["contacts"] == {"primary": CONTACTS["primary"], "secondary": "", "lead": CONTACTS["lead"]}
    report = guard.run("report").stdout
    assert "whom to call: primary on-call: Ada Lovelace" in report
    assert "<b>Hopper" not in guard.run("report", "--format", "html").stdout
    gate = guard.run("gate", "--service", "shop", "--environment", "production")
    assert gate.returncode == 1 and "whom to call: primary on-call: Ada Lovelace" in gate.stdout
