# SPDX-License-Identifier: Apache-2.0
"""What every end-to-end test may ask for: a stack of real servers that ends with the test."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stack import Browser, Dial, Prometheus, Stack, end_on_signals, wait_until  # noqa: E402  (tests/ must be on the path first)

end_on_signals()


@pytest.fixture(scope="session", autouse=True)
def nobodys_home():
    """No command finds the client file of whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="release-guard-home-") as home:
        before = {name: os.environ.get(name) for name in ("HOME", "XDG_CONFIG_HOME")}
        os.environ.pop("XDG_CONFIG_HOME", None)
        os.environ["HOME"] = home
        yield home
        os.environ.update({name: value for name, value in before.items() if value is not None})


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Lets the stack fixture see whether its test failed."""
    report = (yield).get_result()
    if report.when == "call":
        item.failed = report.failed


@pytest.fixture
def stack(request):
    """An empty Stack in a directory of its own; when the test fails, the servers' logs are printed."""
    directory = tempfile.mkdtemp(prefix="release-guard-e2e-")
    try:
        with Stack(directory) as running:
            yield running
            if getattr(request.node, "failed", True):
                print(running.logs())
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def dial():
    """What `prometheus` scrapes: the series `errors`, at 0 until a test sets it."""
    with Dial(errors=0) as shown:
        yield shown


@pytest.fixture
def prometheus(stack, dial):
    running = stack.add(Prometheus(stack.directory, {"shop": [dial.address]}))
    wait_until(lambda: running.value("errors") == 0, "Prometheus has scraped")
    return running


@pytest.fixture
def browser():
    with Browser() as running:
        yield running
