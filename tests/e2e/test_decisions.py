# SPDX-License-Identifier: Apache-2.0
"""A hundred simulated releases, stored as blocks in a real Prometheus, are judged as the benchmark judges them, and none
that should be kept is rolled back."""

import subprocess
from pathlib import Path

from stack import Prometheus, program
from stack.guard import BINARY
from stack.server import environment

PROGRAM = Path(BINARY).parent / "tests" / "decisions" / "decisions_on_prometheus"


def test_the_stories_of_the_benchmark_are_judged_alike_over_a_real_prometheus(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    stories = prometheus.directory / "stories.txt"
    subprocess.run([PROGRAM, "write", stories], check=True, timeout=120)
    subprocess.run([program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--quiet", stories,
                    prometheus.directory / "data"], check=True, timeout=120, env=environment(),
                   stdout=subprocess.DEVNULL)
    prometheus.start()
    judged = subprocess.run([PROGRAM, "judge", prometheus.url], capture_output=True, text=True, timeout=300,
                            check=False)
    print(judged.stdout)
    assert judged.returncode == 0, judged.stdout + judged.stderr
