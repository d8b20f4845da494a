# SPDX-License-Identifier: Apache-2.0
"""The guard's own metrics: there from the start, and clean to Prometheus' linter through a whole rollback."""

import subprocess

from shop import E2E, ERRORS, ShopGuard, group, watch_errors
from stack import get, program, wait_until

COUNTED = {
    "releases_total": {"outcome": "passed breached unverified rolled_back rollback_failed aborted superseded"},
    "rollbacks_total": {"trigger": "objective alert signal manual", "result": "confirmed failed unknown"},
    "decisions_blocked_total": {"reason": "cooldown breaker kill_switch is_rollback in_flight no_hook"},
    "evaluations_total": {"outcome": "ok breach no_data error"},
    "alerts_received_total": {"result": "fresh duplicate own invalid refused denied"},
    "events_received_total": {"result": "taken unchanged ignored invalid refused denied"},
    "hook_attempts_total": {"kind": "command http", "result": "done retry not_started failed unknown"},
}
MEASURED = ["query_duration_seconds", "detection_to_rollback_seconds", "hook_duration_seconds", "journal_commit_seconds"]
OF_A_RELEASE = ["release_phase", "release_info", "release_live_timestamp_seconds",
                "release_window_end_timestamp_seconds", "release_verify_end_timestamp_seconds", "slo_value",
                "slo_objective", "slo_state", "slo_baseline"]


def lint(page):
    done = subprocess.run([program("promtool"), "check", "metrics"], input=page, text=True, capture_output=True,
                          timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def metrics(guard):
    """Series as written -> value."""
    lines = [line for line in get(f"{guard.url}/metrics").text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def find(series, name, **labels):
    """The values of the series of this name that carry these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return [value for text, value in series.items()
            if text.split("{")[0] == f"release_guard_{name}" and all(part in text for part in wanted)]


def combinations(labels):
    out = [{}]
    for name, values in labels.items():
        out = [{**known, name: value} for known in out for value in values.split()]
    return out


def test_every_known_series_stands_at_zero_before_anything_happens(stack):
    series = metrics(ShopGuard(stack, group(E2E)).start())
    for name, labels in COUNTED.items():
        for combination in combinations(labels):
            assert find(series, name, **combination) == [0], f"{name} {combination}"
    for name in MEASURED:
        counts = find(series, f"{name}_count")
        assert counts and (not any(counts) or name == "journal_commit_seconds"), name
    assert find(series, "config_last_reload_successful") == [1]
    assert find(series, "leader") == [1]
    assert len(find(series, "build_info")) == 1
    assert find(series, "config_last_reload_success_timestamp_seconds")[0] > 1e9


def test_promtool_has_nothing_to_say_through_a_whole_rollback(stack, prometheus, dial):
    dial.set("traffic", 100)
    wait_until(lambda: (prometheus.value("count_over_time(traffic[20s])") or 0) >= 5, "there is a past")
    traffic = {"slo": "traffic", "expr": "traffic", "objective": ">= 50% of baseline", "baseline": {"over": "3s"}}
    guard = watch_errors(stack, prometheus, ERRORS, traffic, window="20s")
    dial.set("errors", 0.2)
    seen = {}

    def ended():
        page = get(f"{guard.url}/metrics").text
        phase = guard.release("r1")["phase"]
        seen[phase] = page
        if phase == "verifying":
            dial.set("errors", 0)
        return phase == "rolled_back"

    wait_until(ended, "the release is rolled back", 60)
    assert {"watching", "verifying", "rolled_back"} <= set(seen)
    for phase, page in seen.items():
        assert lint(page) == (0, "", ""), phase
    for name in OF_A_RELEASE:
        assert f"\nrelease_guard_{name}{{" in seen["verifying"], name
    _assert_counted(metrics(guard))


def _assert_counted(series):
    assert find(series, "releases_total", outcome="rolled_back") == [1]
    assert find(series, "rollbacks_total", trigger="objective", result="confirmed") == [1]
    assert find(series, "hook_attempts_total", kind="command", result="done") == [1]
    assert find(series, "detection_to_rollback_seconds_count") == [1]
    assert find(series, "release_phase", phase="rolled_back") == [1]
    assert sum(find(series, "release_phase")) == 1


def test_no_counter_carries_a_release_or_a_version(stack):
    guard = ShopGuard(stack, group(E2E)).start()
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    guard.wait_phase("r1", "rolled_back")
    for text in metrics(guard):
        if 'version="' in text or 'release="' in text:
            assert text.split("{")[0] in ("release_guard_build_info", "release_guard_release_info"), text
