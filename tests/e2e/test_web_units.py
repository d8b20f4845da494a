# SPDX-License-Identifier: Apache-2.0
"""The pure parts of the page, in Node.js."""

import subprocess

import pytest

from stack.server import ROOT


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "tests" / "web").glob("*.test.mjs")))
def test_unit(name):
    done = subprocess.run(["node", "--test", str(ROOT / "tests" / "web" / name)], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
