# SPDX-License-Identifier: Apache-2.0
"""A service that exports how long its requests took as a native histogram, for a Prometheus that asks for protobuf;
whoever does not is shown the classic one that client libraries export beside it."""

import math
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = "http_request_duration_seconds"
SCHEMA = 3   # eight buckets for each doubling, as client libraries have by default
HISTOGRAM = 4
CLASSIC_BOUNDS = (0.1, 1.0)


class NativeHistogram:
    """Listens on a free loopback port while its `with` block lasts. pace: seconds -> how many requests that took as long
    come before each scrape.
    """

    def __init__(self, pace):
        self.pace = dict(pace)
        self._taken = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def address(self):
        return f"127.0.0.1:{self._server.server_port}"

    def restart(self):
        """Its counters begin anew."""
        with self._lock:
            self._taken = {}

    def scrape(self, protobuf):
        with self._lock:
            for seconds, number in self.pace.items():
                self._taken[seconds] = self._taken.get(seconds, 0) + number
            return _family(self._taken) if protobuf else _text(self._taken).encode()

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._server.server_close()


def _handler(service):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            protobuf = "application/vnd.google.protobuf" in self.headers.get("Accept", "")
            body = service.scrape(protobuf)
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
                             "encoding=delimited" if protobuf else "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            """Scrapes are not news."""

    return Handler


def _text(taken):
    bounds = "".join(f'{NAME}_bucket{{le="{bound}"}} {sum(n for took, n in taken.items() if took <= bound)}\n'
                     for bound in CLASSIC_BOUNDS)
    count = sum(taken.values())
    return (f'# TYPE {NAME} histogram\n{bounds}{NAME}_bucket{{le="+Inf"}} {count}\n'
            f"{NAME}_sum {sum(took * n for took, n in taken.items())}\n{NAME}_count {count}\n")


# The messages of io.prometheus.client (metrics.proto of prometheus/client_model), as far as they are needed.

def _varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def _zigzag(number):
    return _varint(number * 2 if number >= 0 else -number * 2 - 1)


def _field(number, wire, content):
    return _varint(number << 3 | wire) + content


def _message(number, content):
    return _field(number, 2, _varint(len(content)) + content)


def _buckets(taken):
    """Index -> count of the buckets that have any; one ends at 2 ** (index / 2 ** SCHEMA)."""
    out = {}
    for took, number in taken.items():
        index = math.ceil(math.log2(took) * 2 ** SCHEMA)
        out[index] = out.get(index, 0) + number
    return {index: number for index, number in sorted(out.items()) if number > 0}


def _histogram(taken):
    out = _field(1, 0, _varint(sum(taken.values())))
    out += _field(2, 1, struct.pack("<d", sum(took * number for took, number in taken.items())))
    out += _field(5, 0, _zigzag(SCHEMA)) + _field(6, 1, struct.pack("<d", 1e-9)) + _field(7, 0, _varint(0))
    end, count = 0, 0
    deltas = b""
    for index, number in _buckets(taken).items():
        out += _message(12, _field(1, 0, _zigzag(index - end)) + _field(2, 0, _varint(1)))
        deltas += _field(13, 0, _zigzag(number - count))
        end, count = index + 1, number
    return out + deltas


def _family(taken):
    metric = _message(7, _histogram(taken))
    family = _message(1, NAME.encode()) + _field(3, 0, _varint(HISTOGRAM)) + _message(4, metric)
    return _varint(len(family)) + family
