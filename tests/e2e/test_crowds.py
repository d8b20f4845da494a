# SPDX-License-Identifier: Apache-2.0
"""Whoever opens many connections and says little keeps nobody else out, also where few descriptors are left."""

import json
import socket
import threading

import pytest

from shop import E2E, ShopGuard, group
from stack import get, request, wait_until

ALERTS_TOKEN = "alerts-token-0123456789"
NOTIFICATION = json.dumps({"version": "4", "groupKey": "g", "status": "resolved", "receiver": "guard", "groupLabels": {},
                           "commonLabels": {}, "commonAnnotations": {}, "externalURL": "", "alerts": []}).encode()
HEAD = "POST /api/v1/alertmanager HTTP/1.1\r\nHost: localhost\r\n"
BODY = f"{HEAD}Authorization: Bearer {ALERTS_TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"


class Crowd:
    """Keeps `size` connections open, each of which sends `begin` and then a byte now and then, and opens lost ones anew."""

    def __init__(self, guard, size, begin):
        self._address = ("127.0.0.1", int(guard.address.rpartition(":")[2]))
        self._size, self._begin = size, begin.encode()
        self._ending = threading.Event()
        self._sockets = []
        self._opened = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _open(self):
        connection = socket.create_connection(self._address, timeout=5)
        connection.setblocking(False)
        self._sockets.append(connection)
        self._opened += 1
        connection.send(self._begin)

    def _run(self):
        while not self._ending.wait(0.05):
            for connection in list(self._sockets):
                try:
                    connection.send(b"x")
                except OSError:
                    connection.close()
                    self._sockets.remove(connection)
            for _ in range(min(50, self._size - len(self._sockets))):
                try:
                    self._open()
                except OSError:
                    break

    def __enter__(self):
        self._thread.start()
        wait_until(lambda: self._opened >= self._size, "the crowd is there")
        return self

    def __exit__(self, *_exception):
        self._ending.set()
        self._thread.join()
        for connection in self._sockets:
            connection.close()


class Cramped(ShopGuard):
    """A guard that may open few files and sockets."""

    def argv(self):
        return ["prlimit", "--nofile=100", *super().argv()]


@pytest.fixture(params=[ShopGuard, Cramped], ids=["usual", "few descriptors"])
def guard(stack, request):
    guard = request.param(stack, group(E2E))
    guard.configuration["tokens"] = [
        {"name": name, "role": role, "token_file": str(guard.write_token(f"{name}.token", token))}
        for name, role, token in (("alertmanager", "alerts", ALERTS_TOKEN), ("ops", "operate", "ops-token-0123456789"))]
    guard.token = "ops-token-0123456789"
    return guard.start()


@pytest.mark.parametrize("begin", [HEAD, BODY, f"{HEAD}Authorization: Bearer no\r\nContent-Length: 900\r\n\r\n"],
                         ids=["heads", "bodies with a token", "wrong tokens"])
def test_fault_31_webhooks_get_through_a_crowd(guard, begin):
    headers = {"Content-Type": "application/json"}
    with Crowd(guard, 400, begin):
        answers = [request("POST", f"{guard.url}/api/v1/alertmanager", NOTIFICATION, headers, ALERTS_TOKEN).status
                   for _ in range(15)]
        assert answers == [200] * 15
        assert get(f"{guard.url}/-/ready").status == 200
        guard.watch("r1")
        # The crowd holds up no decision either.
        guard.signal_e2e("r1", "failed")
        guard.wait_phase("r1", "verifying", "rolled_back")
