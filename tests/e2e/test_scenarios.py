# SPDX-License-Identifier: Apache-2.0
"""The four releases of `./dev demo`, one after the other on one stack, each ending as it should."""

import sys
import tempfile

import pytest

from stack import Stack
from stack.backends import DEMO

sys.path.insert(0, str(DEMO))

from demo_stack import DemoStack  # noqa: E402  (the demo must be on the path first)
from scenarios import SCENARIOS, Player  # noqa: E402
from timeline import Timeline  # noqa: E402


@pytest.fixture(scope="module")
def player():
    with tempfile.TemporaryDirectory(prefix="release-guard-e2e-", ignore_cleanup_errors=True) as directory:
        with Stack(directory) as stack:
            yield Player(DemoStack(stack), Timeline())
            print(stack.logs())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.version)
def test_a_release_of_the_demo(player, scenario):
    result = player.play(scenario)
    assert result.problems == ()
    assert 0 < result.seconds < 60
