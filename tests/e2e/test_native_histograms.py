# SPDX-License-Identifier: Apache-2.0
"""Latency as a share of slow requests, from a native histogram of a real Prometheus: judged scrape by scrape, over a
restart of the service; and said where the server has a classic one."""

import json

import pytest

from shop import ShopGuard, group, watch
from stack import NativeHistogram, Prometheus, wait_until
from test_check_findings import check, write

SLOW = {"slo": "latency", "histogram": 'http_request_duration_seconds{job="shop"}', "within": "2s", "objective": "< 5%"}
QUICK = {0.1: 40, 1.5: 1}


@pytest.fixture
def service():
    with NativeHistogram(QUICK) as running:
        yield running


def scraped(stack, service, *features):
    server = stack.add(Prometheus(stack.directory, {"shop": [service.address]}, features=features))
    wait_until(lambda: server.query('count(up{job="shop"} == 1)'), "Prometheus has scraped")
    wait_until(lambda: (server.value('count_over_time(up{job="shop"}[1m])') or 0) >= 4, "there are some scrapes")
    return server


def test_slow_requests_of_a_native_histogram_are_rolled_back(stack, service):
    prometheus = scraped(stack, service, "native-histograms")
    guard = watch(stack, prometheus, SLOW, window="5m", verify="2m")
    wait_until(lambda: guard.rule("r1", "latency")["verdict"] == "ok", "the latency is ok")
    service.restart()
    before = guard.rule("r1", "latency")["evidence"]["total"]
    wait_until(lambda: guard.rule("r1", "latency")["evidence"]["total"] > before + 400, "a restart loses nothing")
    assert guard.rule("r1", "latency")["verdict"] == "ok"
    service.pace = {0.1: 30, 2.1: 10}
    guard.wait_phase("r1", "verifying", seconds=150)
    reason = guard.release("r1")["decisions"][0]["reason"]
    assert reason.startswith("latency: ") and " against < 5%" in reason, reason
    assert len(guard.keys()) == 1
    service.pace = QUICK
    guard.wait_phase("r1", "rolled_back", seconds=150)


def test_a_limit_inside_a_bucket_is_said_to_be_moved(stack, service):
    prometheus = scraped(stack, service, "native-histograms")
    service.pace = {0.1: 40, 2.1: 20}
    guard = watch(stack, prometheus, {**SLOW, "within": "2050ms"}, window="5m")
    wait_until(lambda: guard.rule("r1", "latency")["verdict"] == "ok", "it is ok")
    assert "so far, 0% against < 5%; those above 2.18s are counted, where the bucket of 2.05s ends" in guard.log.read_text()


def test_a_classic_histogram_is_said_to_be_one(stack, service):
    prometheus = scraped(stack, service)
    found = json.loads(check(stack.directory, f"--prometheus.url={prometheus.url}", write(stack.directory, [SLOW])).stdout)
    said = next(item for item in found["diagnostics"] if item["name"] == "cannot-break")
    assert "as a classic histogram, with an `le` of +Inf, 0.1, 1.0" in said["message"], said
    guard = ShopGuard(stack, group(SLOW, window="5m"), prometheus={"url": prometheus.url}).start()
    guard.watch("r1")
    told = wait_until(lambda: (rule := guard.rule("r1", "latency"))["outcome"] == "error" and rule, "it is an error")
    assert told["reading_reason"] == "blind", told


def test_counters_of_a_classic_histogram_are_not_found_where_it_is_native(stack, service):
    prometheus = scraped(stack, service, "native-histograms")
    classic = {"slo": "latency", "good": 'http_request_duration_seconds_bucket{job="shop",le="2.0"}',
               "total": 'http_request_duration_seconds_count{job="shop"}', "objective": "< 5%"}
    quantile = {"slo": "p95", "objective": "< 2s",
                "expr": "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))"}
    found = json.loads(check(stack.directory, f"--prometheus.url={prometheus.url}",
                             write(stack.directory, [classic, quantile, {**SLOW, "slo": "native"}])).stdout)
    said = {item["rule"]: item for item in found["diagnostics"] if item["name"] == "no-series"}
    assert set(said) == {"latency", "p95"}, found
    assert "as a native histogram" in said["latency"]["message"], said
    assert "as a native histogram" in said["p95"]["message"], said
