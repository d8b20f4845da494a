#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Requests at a constant rate, whatever the answers, to any of the URLs: every tenth enqueues a job. Serves its counts as
JSON.
"""

import argparse
import http.client
import json
import random
import signal
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

JOB_EVERY = 10
TIMEOUT = 30


class Schedule:
    """Hands out the moments at which requests are due, one to each caller."""

    def __init__(self, rate):
        self._gap = 1 / rate
        self._next = time.monotonic()
        self._number = 0
        self._lock = threading.Lock()

    def take(self):
        """(number of the request, seconds until it is due). What was missed is not made up for."""
        with self._lock:
            now = time.monotonic()
            self._next = max(self._next + self._gap, now - self._gap)
            self._number += 1
            return self._number, max(0.0, self._next - now)


class Sender:
    def __init__(self, urls, rate, stopping):
        self._where = [urlsplit(url) for url in urls]
        self._schedule = Schedule(rate)
        self._stopping = stopping
        self._lock = threading.Lock()
        self._seen = Counter()

    def seen(self):
        with self._lock:
            return dict(self._seen)

    def run(self):
        while not self._stopping.is_set():
            number, due = self._schedule.take()
            if not self._stopping.wait(due):
                self._count(self._send(number))

    def _send(self, number):
        where = random.choice(self._where)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=TIMEOUT)
        try:
            if number % JOB_EVERY == 0:
                connection.request("POST", "/jobs", b"{}")
            else:
                connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            return str(answer.status)
        except (OSError, http.client.HTTPException):
            return "error"
        finally:
            connection.close()

    def _count(self, status):
        with self._lock:
            self._seen[status] += 1


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(self.server.sender.seen()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Nothing to log."""


def main():
    parser = argparse.ArgumentParser(description="The demo's traffic.")
    parser.add_argument("--listen", required=True, metavar="HOST:PORT")
    parser.add_argument("--url", required=True, action="append", dest="urls", help="may be given again")
    parser.add_argument("--rate", type=float, default=20.0, help="requests per second")
    parser.add_argument("--workers", type=int, default=24, help="requests under way at most")
    given = parser.parse_args()

    stopping = threading.Event()
    sender = Sender(given.urls, given.rate, stopping)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    host, port = given.listen.rsplit(":", 1)
    with ThreadingHTTPServer((host, int(port)), Handler) as server:
        server.daemon_threads = True
        server.sender = sender
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for _ in range(given.workers):
            threading.Thread(target=sender.run, daemon=True).start()
        stopping.wait()
        server.shutdown()


if __name__ == "__main__":
    main()
