# SPDX-License-Identifier: Apache-2.0
"""A page of metrics whose values a test sets, for Prometheus to scrape."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Dial:
    """Listens on a free loopback port while its `with` block lasts.

    values: series, as they are written on a metrics page (`errors` or `errors{colour="blue"}`) -> number.
    """

    def __init__(self, **values):
        self._lock = threading.Lock()
        self._values = dict(values)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def address(self):
        return f"127.0.0.1:{self._server.server_port}"

    def set(self, series, value):
        with self._lock:
            self._values[series] = value

    def remove(self, series):
        """The series is no longer there; Prometheus marks it stale at its next scrape."""
        with self._lock:
            del self._values[series]

    def page(self):
        with self._lock:
            return "".join(f"{series} {value}\n" for series, value in self._values.items())

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._server.server_close()


def _handler(dial):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = dial.page().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            """Scrapes are not news."""

    return Handler
