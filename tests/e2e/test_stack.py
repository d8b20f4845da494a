# SPDX-License-Identifier: Apache-2.0
"""The ground the other tests stand on: what a stack starts is real, and is gone when its block is left."""

import os
import signal
import subprocess
import sys

import pytest

from stack import Alertmanager, Backend, Nginx, Prometheus, Redis, Stack, Traffic, post_json, wait_until
from stack.server import ROOT

RULE = """
groups:
  - name: test
    rules:
      - alert: JobsFail
        expr: sum by (job) (rate(rq_jobs_failed_total[5s])) > 0
        labels: { service: meme-maker }
"""

# Starts a Redis in argv[1], says so, and waits to be ended.
RUNNER = """
import signal, sys
from stack import Redis, Stack, end_on_signals
end_on_signals()
with Stack(sys.argv[1]) as stack:
    print(stack.add(Redis(stack.directory)).pid, flush=True)
    signal.pause()
"""


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_alert_rule_on_the_service_fires_in_alertmanager(stack):
    redis = stack.add(Redis(stack.directory))
    backend = stack.add(Backend(stack.directory, "blue", redis))
    alertmanager = stack.add(Alertmanager(stack.directory))
    stack.add(Prometheus(stack.directory, {"backend": [backend.address]}, [RULE], [alertmanager.address]))
    backend.fault(job_failures=1)

    def fires():
        post_json(f"{backend.url}/jobs", {})
        return alertmanager.firing()

    assert wait_until(fires, "the alert fires")[0]["service"] == "meme-maker"


def test_a_fault_shows_in_the_measured_error_share(stack):
    redis = stack.add(Redis(stack.directory))
    backend = stack.add(Backend(stack.directory, "blue", redis))
    nginx = stack.add(Nginx(stack.directory, backend.address))
    traffic = stack.add(Traffic(stack.directory, nginx.url))
    prometheus = stack.add(Prometheus(stack.directory, {"backend": [backend.address]}))
    share = 'sum(rate(http_requests_total{status=~"5.."}[5s])) / sum(rate(http_requests_total[5s]))'

    wait_until(lambda: prometheus.value(share) == 0, "no errors at first")
    backend.fault(error_ratio=0.5)
    wait_until(lambda: (prometheus.value(share) or 0) > 0.3, "the errors are measured")
    assert traffic.seen()["500"] > 0


def test_a_server_comes_back_on_its_own_port(stack):
    redis = stack.add(Redis(stack.directory))
    address = redis.address
    redis.kill()
    redis.start()
    assert redis.address == address
    assert redis.client().ping()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_servers_end_with_the_program_that_started_them(tmp_path, number):
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, str(tmp_path)], stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")})
    with runner:
        server = int(runner.stdout.readline())
        assert alive(server)
        runner.send_signal(number)
    wait_until(lambda: not alive(server), "the server is gone")


def test_what_a_server_left_behind_ends_with_the_stack(tmp_path):
    with Stack(tmp_path) as stack:
        stray = subprocess.Popen(["sleep", "1000"], cwd=stack.directory, start_new_session=True)
    assert stray.wait(10) == -signal.SIGKILL
