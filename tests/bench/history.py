# SPDX-License-Identifier: Apache-2.0
"""What judging the past costs, over a real Prometheus: `./dev bench history [DAYS]`.

A service with a release every 17 hours, scraped every 15 seconds, judged by the rules of a checklist. Figures are ratios
within one run: the whole of `backtest` against the bare requests that it makes, its memory at a quarter of the time
against all of it, and which part of `try`'s time is the server's.
"""

import concurrent.futures
import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stack import Prometheus, Stack, end_on_signals   # noqa: E402
from stack.guard import BINARY   # noqa: E402
from stack.history import History   # noqa: E402

JOB = {"job": "shop", "instance": "a"}
EVERY_HOURS = 17
RULES = """
defaults: { on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"', 'environment="production"']
    window: 2h
    settle: 1m
    interval: 15s
    rollback: { mode: observe, verify: 30m, cooldown: 1h }
    rules:
      - slo: error_rate
        bad: http_requests_total{job="shop",status=~"5.."}
        total: http_requests_total{job="shop"}
        objective: "< 1%"
      - slo: latency_p95
        good: http_request_duration_seconds_bucket{job="shop",le="2.0"}
        total: http_request_duration_seconds_count{job="shop"}
        objective: "< 5%"
      - slo: queue_depth
        expr: max(rq_jobs_in_queue{job="shop"})
        objective: "< 10"
        for: 5m
      - slo: instances_up
        expr: avg(up{job="shop"})
        objective: "> 75%"
        for: 1m
      - slo: traffic
        expr: sum(rate(http_requests_total{job="shop"}[{{ window_since_live "5m" }}]))
        objective: ">= 50% of baseline"
        baseline: [{ offset: 1w }, { over: 1h }]
        for: 5m
      - slo: memory
        expr: max(process_resident_memory_bytes{job="shop"}) / 1e9
        objective: "< 2"
        for: 5m
"""


def make_up(days, folder):
    history = History(hours=24 * days)
    live = list(range(history.start + 6 * 3600, history.end - 3 * 3600, EVERY_HOURS * 3600))
    chance = random.Random(1)
    requests = {at: chance.randrange(8) for at in history.times()}
    bad = {at: 1 if chance.random() < 0.004 else 0 for at in history.times()}
    version = {}
    for number, begin in enumerate([history.start, *live]):
        version.update((at, f"1.{number}.0") for at in range(begin, history.end + 1, history.step))
    history.count("http_requests_total", {**JOB, "status": "200"}, requests.get, live)
    history.count("http_requests_total", {**JOB, "status": "500"}, bad.get, live)
    history.count("http_request_duration_seconds_bucket", {**JOB, "le": "2.0"}, requests.get, live)
    history.count("http_request_duration_seconds_count", JOB, requests.get, live)
    history.add("rq_jobs_in_queue", JOB, lambda at: at // 60 % 5)
    history.add("process_resident_memory_bytes", JOB, lambda at: 5e8 + at % 1000)
    history.add("up", JOB, lambda at: 1)
    for number in range(len(live) + 1):
        name = f"1.{number}.0"
        begin = ([history.start] + live)[number]
        end = (live + [history.end + 1])[number]
        history.add("app_info", {**JOB, "version": name}, lambda at, b=begin, e=end: 1 if b <= at < e else None)
    history.store(folder)
    return len(live), history.end


class Tape:
    """Stands before a Prometheus and keeps what it is asked."""

    def __init__(self, address):
        self.asked = []
        tape = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                tape.asked.append((self.path, body))
                status, answer = send(http.client.HTTPConnection(address), self.path, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def send(connection, path, body):
    connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def run(*arguments):
    """Seconds, and the most memory in MiB, of one run of the command line."""
    begin = time.monotonic()
    child = subprocess.Popen([BINARY, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, output
    return time.monotonic() - begin, used.ru_maxrss / 1024, output, used.ru_utime + used.ru_stime


def bare(address, asked):
    connection = http.client.HTTPConnection(address)
    begin = time.monotonic()
    for path, body in asked:
        send(connection, path, body)
    return time.monotonic() - begin


def main():
    end_on_signals()
    days = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory(prefix="history-") as folder, Stack(Path(folder)) as stack:
        prometheus = stack.adopt(Prometheus(stack.directory))
        argv = prometheus.argv()
        prometheus.argv = lambda: [*argv, "--storage.tsdb.retention.time=10y"]
        # In a process of its own: what the command line is measured to need begins with what its parent had.
        with concurrent.futures.ProcessPoolExecutor(1) as other:
            releases, end = other.submit(make_up, days, prometheus.directory / "data").result()
        prometheus.start()
        rules = stack.directory / "shop.yml"
        rules.write_text(RULES)
        until = "--to=" + datetime.fromtimestamp(end, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        judged = ("backtest", rules, "--format=json", until)
        tape = Tape(prometheus.address)
        run(*judged, f"--prometheus.url={tape.url}", f"--last={int(days * 24)}h")
        whole, memory, _, own = min(run(*judged, f"--prometheus.url={prometheus.url}", f"--last={int(days * 24)}h")
                                    for _ in range(3))
        asked = min(bare(prometheus.address, tape.asked) for _ in range(3))
        _, less, _, _ = run(*judged, f"--prometheus.url={prometheus.url}", f"--last={int(days * 6)}h")
        tried, _, _, tried_own = run("try", until, f"--prometheus.url={prometheus.url}", f"--last={int(days * 24)}h")
    print(f"backtest of {releases} releases in {days:g} days, 6 rules")
    print(f"  questions for a release                      {len(tape.asked) / releases:8.1f}")
    print(f"  time, against its bare questions             {whole / asked:8.2f}   ({whole:.1f} s, {asked:.1f} s)")
    print(f"  its own processor time, of the whole         {own / whole:8.2f}")
    print(f"  memory, against a quarter of the time        {memory / less:8.2f}   ({memory:.0f} MiB, {less:.0f} MiB)")
    print(f"try: its own processor time, of the whole      {tried_own / tried:8.2f}   ({tried:.1f} s)")


if __name__ == "__main__":
    main()
