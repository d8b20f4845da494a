# SPDX-License-Identifier: Apache-2.0
"""What a real Prometheus cannot answer, or answers oddly, is named and never taken for health."""

from shop import watch
from stack import wait_until


def test_a_release_without_data_is_unverified_not_passed(stack, prometheus):
    guard = watch(stack, prometheus, {"slo": "gone", "expr": "no_such_metric", "objective": "< 1"})
    ended = guard.wait_phase("r1", "unverified")
    assert "gone could be judged for 0% of the window; at its end: the query returned no series" in ended["reason"]
    assert guard.rule("r1", "gone")["reading_reason"] == "empty_result"
    assert guard.keys() == []


def test_each_broken_way_to_answer_is_named_and_none_is_health(stack, prometheus, dial):
    dial.set('part{colour="blue"}', 0)
    dial.set('part{colour="green"}', 0)
    wait_until(lambda: len(prometheus.query("part")) == 2, "Prometheus has scraped")
    rules = [{"slo": "several", "expr": "part", "objective": "< 1"},
             {"slo": "reduced", "expr": "part", "objective": "< 1", "reduce": "max"},
             {"slo": "not_a_number", "expr": "errors / errors", "objective": "< 1"},
             {"slo": "infinite", "expr": "1 / errors", "objective": "< 1"},
             {"slo": "low_traffic", "expr": "errors", "only_if": "errors > 1", "objective": "< 1"},
             {"slo": "fails", "expr": "part / on () part", "objective": "< 1"}]
    guard = watch(stack, prometheus, *rules)
    guard.wait_phase("r1", "unverified")
    told = {rule["slo"]: (rule["outcome"], rule["reading_reason"], rule["verdict"])
            for rule in guard.release("r1")["rules"]}
    assert told == {"several": ("error", "several_series", "unknown"),
                    "reduced": ("ok", "objective_met", "ok"),
                    "not_a_number": ("no_data", "not_a_number", "unknown"),
                    "infinite": ("error", "infinite_value", "unknown"),
                    "low_traffic": ("no_data", "low_traffic", "unknown"),
                    "fails": ("error", "query_failed", "unknown")}


def test_a_sample_that_prometheus_only_remembers_is_no_data(stack, prometheus, dial):
    # A timestamp on the page keeps Prometheus from marking the series stale: it answers with the old value for minutes.
    old = int(prometheus.value("time()") * 1000) - 60_000
    dial.set("frozen", f"0 {old}")
    wait_until(lambda: prometheus.value("frozen") == 0, "Prometheus has scraped")
    rule = {"slo": "frozen", "expr": "frozen", "objective": "< 1", "max_age": "10s"}
    guard = watch(stack, prometheus, rule)
    guard.wait_phase("r1", "unverified")
    assert guard.rule("r1", "frozen")["reading_reason"] == "stale_sample"
