# SPDX-License-Identifier: Apache-2.0
"""Copies of the demo service, and the traffic that reaches them through nginx."""

import os

from stack.http import get, get_json, post_json
from stack.server import ROOT, Server

PYTHON = "/usr/bin/python3"
DEMO = ROOT / "tests" / "demo"


def _python_environment():
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class Backend(Server):
    """One copy (`colour`) of the demo service; a release restarts the idle copy with `deploy`. fastapi: it exports what a
    FastAPI service does.
    """

    def __init__(self, directory, colour, redis_server, version="v1.0.0", fastapi=False):
        super().__init__(directory, f"backend_{colour}")
        self.colour = colour
        self.version = version
        self._fastapi = ["--fastapi"] if fastapi else []
        self._redis = redis_server
        self._faults = {}

    def argv(self):
        faults = [f"--fault={name}={value}" for name, value in self._faults.items()]
        return [PYTHON, DEMO / "demo_service.py", f"--listen={self.address}", f"--version={self.version}",
                f"--colour={self.colour}", f"--redis={self._redis.url}", *self._fastapi, *faults]

    def env(self):
        return _python_environment()

    def ready(self):
        return get_json(f"{self.url}/health")["version"] == self.version

    def deploy(self, version, **faults):
        """Replaces what runs here with another version, which may be built with faults."""
        self.stop()
        self.version, self._faults = version, faults
        return self.start()

    def fault(self, **faults):
        """Sets faults while it runs; see demo_service.py for their names."""
        return post_json(f"{self.url}/fault", faults).json()

    def metrics(self):
        return get(f"{self.url}/metrics").text


class Traffic(Server):
    """Requests at a constant rate; its own port serves how many of each status it saw."""

    name = "traffic"

    def __init__(self, directory, url, rate=20.0, workers=24, name=None):
        super().__init__(directory, name)
        self._arguments = [f"--url={url}", f"--rate={rate}", f"--workers={workers}"]

    def argv(self):
        return [PYTHON, DEMO / "traffic.py", f"--listen={self.address}", *self._arguments]

    def env(self):
        return _python_environment()

    def ready(self):
        return bool(self.seen())

    def seen(self):
        """Status (or "error") -> number of answers so far."""
        return get_json(f"{self.url}/")
