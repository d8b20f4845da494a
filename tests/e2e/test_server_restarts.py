# SPDX-License-Identifier: Apache-2.0
"""A server that the guard asks restarts in mid-watch: the verdict waits, is reached after all, and is never invented."""

from shop import PATIENT, ShopGuard, group, watch_errors
from stack import Alertmanager, Backend, Nginx, Prometheus, Redis, Traffic, wait_until


def test_fault_1_prometheus_away_is_an_error_and_the_breach_after_it_counts(stack, dial, prometheus):
    guard = watch_errors(stack, prometheus, **PATIENT)
    prometheus.kill()
    gone = wait_until(lambda: guard.rule("r1", "errors")["outcome"] == "error" and guard.rule("r1", "errors"),
                      "readings fail")
    assert (gone["verdict"], gone["reason"], gone["reading_reason"]) == ("unknown", "held", "query_failed")
    assert guard.release("r1")["decisions"] == []
    dial.set("errors", 0.2)
    prometheus.start()
    guard.wait_phase("r1", "rolling_back", "verifying")
    dial.set("errors", 0)
    guard.wait_phase("r1", "rolled_back")
    assert len(guard.keys()) == 1


def test_prometheus_away_for_good_never_passes_a_release(stack, prometheus):
    guard = watch_errors(stack, prometheus, window="8s", settle="1s")
    prometheus.kill()
    ended = guard.wait_phase("r1", "unverified")
    assert "errors could be judged for 0% of the window; at its end: " in ended["reason"]
    assert guard.keys() == []


def test_alertmanager_restarts_and_its_alert_still_rolls_back(stack):
    alertmanager = stack.add(Alertmanager(stack.directory))
    rule = {"slo": "alerts", "alerts": ['service="shop"'], "objective": "none firing"}
    guard = ShopGuard(stack, group(rule, **PATIENT), alertmanager={"urls": [alertmanager.url], "warm_up": "1s"}).start()
    guard.watch("r1")
    wait_until(lambda: guard.rule("r1", "alerts")["verdict"] == "ok", "no alert fires")
    alertmanager.kill()
    wait_until(lambda: guard.rule("r1", "alerts")["outcome"] == "error", "Alertmanager does not answer")
    assert guard.release("r1")["decisions"] == []
    alertmanager.start()
    alertmanager.post({"labels": {"alertname": "Broken", "service": "shop"}})
    guard.wait_phase("r1", "rolling_back", "verifying")
    alertmanager.resolve({"alertname": "Broken", "service": "shop"})
    guard.wait_phase("r1", "rolled_back")
    assert len(guard.keys()) == 1


def test_an_alertmanager_that_restarts_during_the_verification_does_not_verify_it(stack):
    alertmanager = stack.add(Alertmanager(stack.directory))
    rule = {"slo": "alerts", "alerts": ['service="shop"'], "objective": "none firing"}
    urls = {"urls": [alertmanager.url], "warm_up": "5s"}
    guard = ShopGuard(stack, group(rule, **PATIENT), alertmanager=urls).start()
    guard.watch("r1")
    wait_until(lambda: guard.rule("r1", "alerts")["verdict"] == "ok", "no alert fires")
    alertmanager.post({"labels": {"alertname": "Broken", "service": "shop"}})
    guard.wait_phase("r1", "verifying")
    alertmanager.kill()
    alertmanager.start()
    young = wait_until(lambda: guard.rule("r1", "alerts")["reading_reason"] == "partial_result"
                       and guard.rule("r1", "alerts"), "Alertmanager lists nothing yet")
    assert "may not have been told of all alerts yet" in young["explanation"]
    assert guard.release("r1")["phase"] == "verifying"
    guard.wait_phase("r1", "rolled_back")
    assert len(guard.keys()) == 1


def test_a_queue_that_cannot_be_read_is_no_data_until_redis_is_back(stack):
    redis = stack.add(Redis(stack.directory))
    backend = stack.add(Backend(stack.directory, "blue", redis))
    prometheus = stack.add(Prometheus(stack.directory, {"backend": [backend.address]}))
    queue = {"slo": "queue", "expr": "max(rq_jobs_in_queue)", "objective": "< 10"}
    wait_until(lambda: prometheus.value("max(rq_jobs_in_queue)") == 0, "the queue is measured")
    guard = watch_errors(stack, prometheus, queue, window="10s")
    redis.kill()
    gone = wait_until(lambda: guard.rule("r1", "queue")["outcome"] == "no_data" and guard.rule("r1", "queue"),
                      "the queue cannot be read")
    assert (gone["verdict"], gone["reading_reason"]) == ("unknown", "not_a_number")
    redis.start()
    guard.wait_phase("r1", "passed")
    assert guard.keys() == []


def test_an_nginx_that_restarts_does_not_break_a_good_release(stack):
    redis = stack.add(Redis(stack.directory))
    backend = stack.add(Backend(stack.directory, "blue", redis))
    nginx = stack.add(Nginx(stack.directory, backend.address))
    stack.add(Traffic(stack.directory, nginx.url))
    prometheus = stack.add(Prometheus(stack.directory, {"backend": [backend.address]}))
    traffic = "sum(rate(http_requests_total[5s]))"
    wait_until(lambda: (prometheus.value(traffic) or 0) > 15, "the traffic is measured")
    rules = [{"slo": "traffic", "expr": traffic, "objective": ">= 50% of baseline", "baseline": {"over": "3s"},
              "for": "2s"},
             {"slo": "errors", "expr": 'sum(rate(http_requests_total{status=~"5.."}[5s])) or vector(0)',
              "objective": "< 1", "for": "2s"}]
    guard = watch_errors(stack, prometheus, *rules, window="8s")
    nginx.kill()
    nginx.start()
    guard.wait_phase("r1", "passed")
    assert guard.keys() == []
