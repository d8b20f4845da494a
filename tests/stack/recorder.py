# SPDX-License-Identifier: Apache-2.0
"""An HTTP server that records what it is sent, for tests of who calls whom."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict
    body: bytes


class Recorder:
    """Listens on a free loopback port while its `with` block lasts.

    answer: a function from Received to the status to answer with, to (status, headers) or to (status, headers, body).
    """

    def __init__(self, answer=lambda received: 200):
        self._answer = answer
        self._lock = threading.Lock()
        self._received = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def received(self):
        with self._lock:
            return list(self._received)

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._server.server_close()

    def take(self, received):
        with self._lock:
            self._received.append(received)
        answer = self._answer(received)
        if not isinstance(answer, tuple):
            return answer, {}, b""
        return answer if len(answer) == 3 else (*answer, b"")


def _handler(recorder):
    class Handler(BaseHTTPRequestHandler):
        def _serve(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, answer = recorder.take(Received(self.command, self.path, dict(self.headers), body))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_DELETE = _serve

        def log_message(self, *_arguments):
            """What was received is recorded, not printed."""

    return Handler
