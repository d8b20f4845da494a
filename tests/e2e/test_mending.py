# SPDX-License-Identifier: Apache-2.0
"""A rule has its own hook called before anything is rolled back: a queue of a real Redis, and what empties it."""

import stat

import pytest

from shop import E2E, ShopGuard, group
from stack import Prometheus, Redis, RedisExporter, wait_until

QUEUE = {"slo": "queue_depth", "expr": 'max(redis_key_size{key="jobs"})', "objective": "< 10", "for": "2s",
         "action": "call", "call": {"hook": "restart_workers", "within": "6s", "then": "rollback"}}
RESTART = """#!/bin/sh
echo "$RELEASE_GUARD_IDEMPOTENCY_KEY" >> restarts.log
touch restarting
while [ -e hold ]; do sleep 0.1; done
touch restarted
"""


@pytest.fixture
def queue(stack):
    """A Redis whose list `jobs` is scraped, and a Prometheus that scrapes it."""
    server = stack.add(Redis(stack.directory))
    server.client().rpush("jobs", "first")
    exporter = stack.add(RedisExporter(stack.directory, server, queues=["db0=jobs"]))
    prometheus = stack.add(Prometheus(stack.directory, {"redis": [exporter.address]}))
    wait_until(lambda: prometheus.value('redis_key_size{key="jobs"}') == 1, "the queue is scraped")
    return server.client(), prometheus


@pytest.fixture
def guard(stack, queue):
    restart = {"name": "restart_workers", "command": {"argv": ["./restart.sh"], "timeout": "30s"}}
    running = ShopGuard(stack, group(QUEUE, E2E, window="25s"), prometheus={"url": queue[1].url})
    running.configuration["hooks"].append(restart)
    script = running.directory / "restart.sh"
    script.write_text(RESTART)
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    running.start()
    running.watch("r1")
    wait_until(lambda: running.rule("r1", "queue_depth")["verdict"] == "ok", "the queue is read")
    return running


def back_up(redis):
    redis.rpush("jobs", *range(50))


def restarts(guard):
    log = guard.directory / "restarts.log"
    return log.read_text().split() if log.exists() else []


def decisions(guard):
    return [(decision["kind"], decision["state"]) for decision in guard.release("r1")["decisions"]]


def test_what_it_mends_is_not_rolled_back(guard, queue):
    redis, _ = queue
    back_up(redis)
    wait_until((guard.directory / "restarted").exists, "the workers are restarted")
    redis.delete("jobs")
    redis.rpush("jobs", "next")
    guard.signal_e2e("r1", "succeeded")
    passed = guard.wait_phase("r1", "passed")
    assert restarts(guard) == ["shop/production/r1/1"]
    assert "hook restart_workers was called for queue_depth (decision 1: confirmed)" in passed["reason"]
    assert guard.keys() == []
    status = guard.run("release", "status", "r1").stdout
    assert "call" in status and "restart_workers" in status, status


def test_what_it_does_not_mend_is_rolled_back(guard, queue):
    back_up(queue[0])
    guard.wait_phase("r1", "verifying", "rolled_back")
    assert restarts(guard) == ["shop/production/r1/1"]
    assert guard.keys() == ["shop/production/r1/2"]
    assert decisions(guard) == [("call", "confirmed"), ("rollback", "confirmed")]


def test_it_outlives_the_guard_and_a_rollback_waits_for_it(guard, queue):
    (guard.directory / "hold").touch()
    back_up(queue[0])
    wait_until((guard.directory / "restarting").exists, "the workers are being restarted")
    guard.signal_e2e("r1", "failed")
    guard.wait_phase("r1", "rolling_back")
    guard.kill()
    guard.start()
    assert guard.keys() == []
    (guard.directory / "hold").unlink()
    guard.wait_phase("r1", "verifying", "rolled_back", "rollback_failed")
    assert restarts(guard) == ["shop/production/r1/1"]
    assert guard.keys() == ["shop/production/r1/2"]
    assert decisions(guard) == [("call", "confirmed"), ("rollback", "confirmed")]
