# SPDX-License-Identifier: Apache-2.0
"""What a reading costs in all, the server's part and the guard's, over a real Prometheus: `./dev bench readings`.

The same twenty services of ten instances each are watched three times: by a share of events, by the ratio of rates that
says the same, and by nothing. The figure is the processor time of Prometheus and guard for the first over that for the
second, each without what the third needs. Time is pressed by 15, so that a question selects as many samples as in
production: a scrape a second stands for one in 15 s, a range of 20 s for five minutes, a `max_age` of 8 s for two.
"""

import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stack import Guard, Prometheus, Stack, end_on_signals   # noqa: E402
from stack.waiting import wait_until   # noqa: E402

SERVICES = [f"shop-{number}" for number in range(20)]
INSTANCES = 10
HANDLERS = 5
SECONDS = 60   # of each measurement
RULES = """
defaults: {{ on_no_data: hold, on_error: hold, on_too_few: ignore, preexisting: warn }}
groups:
  - name: shop
    match: ['environment="production"']
    window: 1h
    settle: 25s
    interval: 1s
    rollback: {{ mode: observe, verify: 10m }}
    rules:
      - slo: error_rate
        objective: "< 1%"
        max_age: 8s
        {rule}
"""
SHARE = """bad: requests_total{service="{{ service }}",status=~"5.."}
        total: requests_total{service="{{ service }}"}"""
RATIO = """expr: >-
          (sum(rate(requests_total{service="{{ service }}",status=~"5.."}[20s])) or vector(0))
          / sum(rate(requests_total{service="{{ service }}"}[20s]))
        for: 20s"""


class Exporter:
    """What all instances export: requests that succeed, by handler, and failures that stay as they are."""

    def __init__(self):
        begin = time.monotonic()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = exposition(int((time.monotonic() - begin) * 10)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def exposition(requests):
    lines = []
    for service in SERVICES:
        for instance in range(INSTANCES):
            labels = f'service="{service}",pod="{service}-{instance}",method="GET"'
            lines += [f'requests_total{{{labels},handler="/api/{number}",status="2xx"}} {requests + number}'
                      for number in range(HANDLERS)]
            lines.append(f'requests_total{{{labels},handler="/api/0",status="5xx"}} 12')
    return "\n".join(lines) + "\n"


def processor_seconds(server):
    """Of the process, by the kernel's own clock in nanoseconds."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in Path(f"/proc/{server.pid}/task").iterdir()) / 1e9


def readings(guard, outcome=""):
    page = guard.call("GET", "/metrics").text
    return sum(float(line.split()[-1]) for line in page.splitlines()
               if line.startswith("release_guard_evaluations_total{") and outcome in line)


def needed(prometheus, guard):
    """Processor seconds of both within a second, and readings, each of which was ok."""
    def now():
        return (time.monotonic(), processor_seconds(prometheus), processor_seconds(guard), readings(guard),
                readings(guard, 'outcome="ok"'))
    before = now()
    time.sleep(SECONDS)   # what is measured, not waited for
    took, server, own, read, ok = (after - then for after, then in zip(now(), before))
    assert read == ok, f"{read - ok} of {read} readings were not ok"
    return server / took, own / took, read / took


def watched(stack, prometheus, name, rule):
    """What is needed while a guard watches the services by `rule`, or by None."""
    guard = Guard(stack.directory, {"prometheus": {"url": prometheus.url}, "rule_files": ["rules.yml"]}, name=name)
    (guard.directory / "rules.yml").write_text(RULES.format(rule=rule or RATIO))
    stack.add(guard)
    for service in SERVICES if rule else []:
        announced = guard.run("release", "start", f"--service={service}", "--environment=production", "--version=v2",
                              "--previous-version=v1")
        assert announced.returncode == 0, announced.stderr
    # Past the first moments, in which less is asked for.
    wait_until(lambda: not rule or readings(guard, 'outcome="ok"') >= 30 * len(SERVICES), "each was read often", 120)
    seen = needed(prometheus, guard)
    guard.stop()
    return seen


def main():
    end_on_signals()
    with tempfile.TemporaryDirectory(prefix="readings-") as folder, Stack(Path(folder)) as stack:
        prometheus = stack.add(Prometheus(stack.directory, {"shop": [Exporter().address]}))
        wait_until(lambda: (prometheus.value("min(count_over_time(requests_total[20s]))") or 0) >= 20, "20 scrapes", 60)
        idle = watched(stack, prometheus, "idle", None)
        share, ratio = ([(now - then) * 1000 / each[2] for now, then in zip(each[:2], idle)]
                        for each in (watched(stack, prometheus, "share", SHARE),
                                     watched(stack, prometheus, "ratio", RATIO)))
    print(f"a reading over {INSTANCES} instances with {HANDLERS + 1} series each: of a share, against a ratio of rates")
    print(f"  processor time, Prometheus and guard         {sum(share) / sum(ratio):8.2f}"
          f"   ({sum(share):.1f} ms, {sum(ratio):.1f} ms)")
    print(f"  Prometheus' part                             {share[0] / ratio[0]:8.2f}"
          f"   ({share[0]:.1f} ms, {ratio[0]:.1f} ms)")
    print(f"  the guard's part                             {share[1] / ratio[1]:8.2f}"
          f"   ({share[1]:.1f} ms, {ratio[1]:.1f} ms)")


if __name__ == "__main__":
    main()
