# SPDX-License-Identifier: Apache-2.0
"""What rules would have done with releases of the past: over the blocks of a real Prometheus, and of a release that a
guard has just watched."""

import json
from datetime import datetime, timedelta, timezone

from shop import ShopGuard, group
from shop_history import a_day_of_releases
from stack import Backend, Prometheus, Redis, Traffic, run_cli, wait_until

RULES = """
defaults: { on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"', 'environment="production"']
    window: 1h
    settle: 1m
    interval: 15s
    rollback: { mode: observe, verify: 10m, cooldown: 1h }
    rules:
      - slo: error_rate
        bad: http_requests_total{job="shop",status=~"5.."}
        total: http_requests_total{job="shop"}
        objective: "< 1%"
      - slo: queue_depth
        expr: max(queue{job="shop"})
        objective: "< 10"
        for: 5m
      - slo: no_critical_alerts
        alerts: ['severity="critical"']
        objective: none firing
        action: warn
"""


def backtest(prometheus, *arguments):
    done = run_cli("backtest", f"--prometheus.url={prometheus.url}", "--last=1d", *arguments, timeout=120)
    assert done.returncode == 0, done.stderr
    return done


def test_releases_are_found_and_judged(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    live = a_day_of_releases(prometheus)
    rules = stack.directory / "shop.yml"
    rules.write_text(RULES)
    answer = json.loads(backtest(prometheus, rules, "--format=json").stdout)
    found = answer["releases"]
    assert [r["version"] for r in found] == ["v2", "v3", "v4", "v5", "v6", "v5"]
    assert [r["undone"] for r in found] == [False, False, False, False, True, False]
    endings = [r["verdicts"][0]["would_be"] for r in found]
    # What puts the version before back is a rollback: it is watched as any release, and nothing broke.
    assert endings == ["passed", "warned", "rolled_back", "passed", "rolled_back", "passed"]
    assert "by chance once in" in found[2]["verdicts"][0]["why"]
    assert found[2]["verdicts"][0]["recovered_at"] is not None
    assert found[4]["verdicts"][0]["conclusions"][0]["slo"] == "queue_depth"
    assert "DiskFull" in found[1]["verdicts"][0]["why"]
    assert answer["sides"][0]["summary"].startswith(
        "2 of 6 would have been rolled back: 1 that was undone later anyway, 1 that was kept")
    assert len(live) == len(found)


def test_two_rule_files_are_compared_and_drawn(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    a_day_of_releases(prometheus)
    one, other = stack.directory / "shop.yml", stack.directory / "lenient.yml"
    one.write_text(RULES)
    other.write_text(RULES.replace("< 10", "< 100"))
    text = backtest(prometheus, one, f"--against={other}").stdout
    row = next(line for line in text.splitlines() if " v6 " in line)
    assert "rolled back after" in row and "replaced before its window ended" in row, text
    page = backtest(prometheus, one, f"--against={other}", "--format=html").stdout
    assert page.startswith("<!doctype html>") and page.count("<figure>") == 3
    assert "<script" not in page


def test_releases_may_be_listed_and_time_may_be_short(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    live = a_day_of_releases(prometheus)
    rules, listed = stack.directory / "shop.yml", stack.directory / "releases.jsonl"
    rules.write_text(RULES)
    at = datetime.fromtimestamp(live[2], timezone.utc)
    listed.write_text(json.dumps({"service": "shop", "environment": "production", "version": "v4",
                                  "previous_version": "v3", "live_at": at.isoformat()}) + "\n")
    answer = json.loads(backtest(prometheus, rules, f"--releases={listed}", "--format=json").stdout)
    assert [r["verdicts"][0]["would_be"] for r in answer["releases"]] == ["rolled_back"]


def test_a_release_that_a_guard_watched_is_judged_alike(stack):
    redis = stack.add(Redis(stack.directory))
    shop = stack.add(Backend(stack.directory, "shop", redis))
    stack.add(Traffic(stack.directory, shop.url, rate=20))
    prometheus = stack.add(Prometheus(stack.directory, {"shop": [shop.address]}))
    errors = {"slo": "error_rate", "bad": 'http_requests_total{job="shop",status=~"5.."}',
              "total": 'http_requests_total{job="shop"}', "objective": "< 1%"}
    guard = ShopGuard(stack, group(errors, window="5m", settle="1s", mode="observe"),
                      prometheus={"url": prometheus.url}).start()
    wait_until(lambda: (prometheus.value('sum(http_requests_total{job="shop"})') or 0) > 50, "there is a past")
    guard.watch("r1")
    shop.fault(error_ratio=0.5)
    wait_until(lambda: guard.release("r1")["decisions"], "it would be rolled back", seconds=120)
    live = guard.release("r1")["decisions"][0]
    done = run_cli("backtest", f"--config.file={guard.config_file}", "--from-guard", f"--server={guard.url}",
                   "--format=json")
    assert done.returncode == 0, done.stderr
    judged = json.loads(done.stdout)["releases"][0]["verdicts"][0]
    assert judged["would_be"] == "rolled_back"
    assert judged["conclusions"][0]["slo"] == live["slo"]
    # The guard itself may have read late; what it then knew is judged at the moment it was to be read.
    assert moment(judged["conclusions"][0]["at"]) <= moment(live["at"]) + timedelta(seconds=2)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_a_server_that_does_not_answer_is_named(stack):
    rules = stack.directory / "shop.yml"
    rules.write_text(RULES)
    done = run_cli("backtest", "--prometheus.url=http://127.0.0.1:1", rules)
    assert done.returncode == 1
    assert "http://127.0.0.1:1" in done.stderr and "refused" in done.stderr
