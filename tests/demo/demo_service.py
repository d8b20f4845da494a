#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The service that the demo and the end-to-end tests release: HTTP, metrics, a job queue, and faults on demand.

    GET  /          a page; names the version that made it
    POST /jobs      puts a job into this copy's Redis list; a worker thread takes it out
    GET  /health    {"version", "colour"}
    GET  /fault     the faults now; POST changes those it names:
        error_ratio   share of requests answered 500           latency        seconds added to each request
        job_failures  share of jobs that fail                  stuck_worker   1: jobs stay in the queue
        cpu_burn      busy threads                             memory_mib     memory held, in MiB
    GET  /metrics   http_requests_total, http_request_duration_seconds and _highr_seconds, rq_jobs_in_queue, rq_jobs_failed_total, process_*

With --fastapi what it exports is what a FastAPI service with prometheus-fastapi-instrumentator does: status in classes
(5xx), health checks and scrapes counted like any request, and a histogram by handler that ends at 1 second.
"""

import argparse
import json
import random
import signal
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import redis
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

QUEUE = Gauge("rq_jobs_in_queue", "Jobs that wait in this copy's queue.")
JOBS_DONE = Counter("rq_jobs_done", "Jobs finished.")
JOBS_FAILED = Counter("rq_jobs_failed", "Jobs that failed.")
BUILD = Gauge("meme_maker_build_info", "The version that runs, as a label.", ["version", "colour"])

FAULTS = {"error_ratio": 0.0, "latency": 0.0, "job_failures": 0.0, "stuck_worker": 0.0, "cpu_burn": 0.0,
          "memory_mib": 0.0}
WORKER_PAUSE = 0.2


class Measures:
    """What requests leave on the page of metrics."""

    def __init__(self, fastapi):
        self.fastapi = fastapi
        self._requests = Counter("http_requests", "Requests answered.", ["method", "status", "handler"])
        self._duration = Histogram("http_request_duration_seconds", "Time to answer a request.",
                                   ["method", "handler"] if fastapi else [],
                                   buckets=(.1, .5, 1) if fastapi else (.005, .01, .025, .05, .1, .25, .5, 1, 2, 4, 8))
        self._highr = Histogram("http_request_duration_highr_seconds", "Time to answer a request.",
                                buckets=(.01, .05, .1, .25, .5, .75, 1, 1.5, 2, 2.5, 3, 5, 10, 30, 60))
        for status in (200, 500):
            self._requests.labels("GET", self._status(status), "/")

    def count(self, method, status, handler, seconds):
        self._requests.labels(method, self._status(status), handler).inc()
        (self._duration.labels(method, handler) if self.fastapi else self._duration).observe(seconds)
        self._highr.observe(seconds)

    def _status(self, status):
        return f"{status // 100}xx" if self.fastapi else str(status)


class Faults:
    """What is wrong with this copy now; safe from any thread."""

    def __init__(self, stopping):
        self._stopping = stopping
        self._lock = threading.Lock()
        self._values = dict(FAULTS)
        self._memory = bytearray()
        self._burners = 0

    def __getitem__(self, name):
        with self._lock:
            return self._values[name]

    def all(self):
        with self._lock:
            return dict(self._values)

    def change(self, values):
        """Takes {name: number}; ValueError for what is not one of the faults or no number."""
        changed = {}
        for name, value in values.items():
            if name not in FAULTS:
                raise ValueError(f"unknown fault {name!r}; known: {', '.join(FAULTS)}")
            changed[name] = float(value)
        with self._lock:
            self._values.update(changed)
            self._memory = bytearray(b"x" * int(self._values["memory_mib"] * 1024 * 1024))
            missing = int(self._values["cpu_burn"]) - self._burners
            self._burners += max(0, missing)
        for _ in range(missing):
            threading.Thread(target=self._burn, daemon=True).start()
        return self.all()

    def chance(self, name):
        return random.random() < self[name]

    def _burn(self):
        while not self._stopping.is_set():
            with self._lock:
                if self._burners > self._values["cpu_burn"]:
                    self._burners -= 1
                    return
            sum(range(100_000))


class Queue:
    """This copy's job queue and the worker that empties it."""

    def __init__(self, url, colour, faults, stopping):
        self._redis = redis.Redis.from_url(url, socket_timeout=5)
        self._key = f"meme-maker:jobs:{colour}"
        self._faults = faults
        self._stopping = stopping
        self._redis.delete(self._key)   # a new version starts with a queue of its own
        QUEUE.set_function(self._depth)

    def put(self, job):
        self._redis.rpush(self._key, job)

    def start(self):
        threading.Thread(target=self._work, daemon=True).start()

    def _depth(self):
        try:
            return self._redis.llen(self._key)
        except redis.RedisError:
            return float("nan")

    def _work(self):
        while not self._stopping.is_set():
            if self._faults["stuck_worker"] or not self._take():
                self._stopping.wait(WORKER_PAUSE)

    def _take(self):
        try:
            if self._redis.lpop(self._key) is None:
                return False
        except redis.RedisError:
            return False
        if self._faults.chance("job_failures"):
            JOBS_FAILED.inc()
        else:
            JOBS_DONE.inc()
        return True


class Service(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, options, measures, faults, queue, stopping):
        host, port = options.listen.rsplit(":", 1)
        super().__init__((host, int(port)), Handler)
        self.identity = {"version": options.version, "colour": options.colour}
        self.measures = measures
        self.faults = faults
        self.queue = queue
        self.stopping = stopping


class Handler(BaseHTTPRequestHandler):
    """One connection; a thread of its own."""

    def do_GET(self):
        if self.path == "/metrics":
            self._observed(lambda: self._answer(200, generate_latest(), CONTENT_TYPE_LATEST))
        elif self.path == "/health":
            self._observed(lambda: self._answer_json(200, self.server.identity))
        elif self.path == "/fault":
            self._answer_json(200, self.server.faults.all())
        elif self.path == "/":
            self._measured(lambda: (200, {"hello": "meme", **self.server.identity}))
        else:
            self._measured(lambda: (404, {"error": "no such page"}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/fault":
            self._change_faults(body)
        elif self.path == "/jobs":
            self._measured(self._enqueue)
        else:
            self._measured(lambda: (404, {"error": "no such page"}))

    def log_message(self, *_arguments):
        """Requests are counted, not logged."""

    def _change_faults(self, body):
        try:
            self._answer_json(200, self.server.faults.change(json.loads(body)))
        except (ValueError, TypeError, AttributeError) as error:
            self._answer_json(400, {"error": str(error)})

    def _enqueue(self):
        try:
            self.server.queue.put(b"render a meme")
        except redis.RedisError:
            return 503, {"error": "the queue does not answer"}
        return 202, {"queued": True}

    def _observed(self, answer):
        """Whoever looks after the service is no user; FastAPI counts it all the same."""
        began = time.monotonic()
        answer()
        if self.server.measures.fastapi:
            self.server.measures.count(self.command, 200, self.path, time.monotonic() - began)

    def _measured(self, work):
        began = time.monotonic()
        faults = self.server.faults
        self.server.stopping.wait(faults["latency"])
        status, value = (500, {"error": "broken on purpose"}) if faults.chance("error_ratio") else work()
        self.server.measures.count(self.command, status, self.path, time.monotonic() - began)
        self._answer_json(status, value)

    def _answer_json(self, status, value):
        self._answer(status, json.dumps(value).encode() + b"\n", "application/json")

    def _answer(self, status, body, kind):
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass   # the client has gone


class Healthcheck(argparse.Action):
    """Ends the program with 0 if an HTTP server answers 2xx at the URL, else 1: for a container's health check."""

    def __call__(self, parser, namespace, values, option_string=None):
        try:
            with urllib.request.urlopen(values, timeout=3):
                sys.exit(0)
        except OSError as error:
            sys.exit(f"{values}: {error}")


def options():
    parser = argparse.ArgumentParser(description="The demo's service.")
    parser.add_argument("--healthcheck", action=Healthcheck, metavar="URL", help="only ask whether a server is well")
    parser.add_argument("--listen", required=True, metavar="HOST:PORT")
    parser.add_argument("--version", required=True)
    parser.add_argument("--colour", required=True)
    parser.add_argument("--redis", required=True, metavar="URL")
    parser.add_argument("--fastapi", action="store_true")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args()


def main():
    given = options()
    stopping = threading.Event()
    faults = Faults(stopping)
    faults.change(dict(fault.split("=", 1) for fault in given.fault))
    BUILD.labels(given.version, given.colour).set(1)
    queue = Queue(given.redis, given.colour, faults, stopping)
    queue.start()
    with Service(given, Measures(given.fastapi), faults, queue, stopping) as service:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        threading.Thread(target=service.serve_forever, daemon=True).start()
        stopping.wait()
        service.shutdown()


if __name__ == "__main__":
    main()
