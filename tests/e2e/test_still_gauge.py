# SPDX-License-Identifier: Apache-2.0
"""`check` says of a gauge that it has not moved, from what a real Prometheus has stored, and lets it pass."""

import subprocess
import time

from shop import ShopGuard, group
from stack import Prometheus, program
from stack.server import environment


def store(prometheus, **gauges):
    """Three hours of each gauge, one sample a minute, up to now. gauges: name -> its value at a minute."""
    now = int(time.time())
    text = "".join(f"# TYPE {name} gauge\n" + "".join(
        f"{name} {value(minute)} {now - 60 * (180 - minute)}\n" for minute in range(180)) for name, value in gauges.items())
    stories = prometheus.directory / "gauges.txt"
    stories.write_text(text + "# EOF\n")
    subprocess.run([program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--quiet", stories,
                    prometheus.directory / "data"], check=True, timeout=120, env=environment(), stdout=subprocess.DEVNULL)


def test_a_gauge_that_nothing_sets_is_a_warning_of_check(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    store(prometheus, stuck=lambda _minute: 0, alive=lambda minute: 5 if minute == 100 else 0)
    prometheus.start()
    rules = [{"slo": name, "expr": f"max({name})", "objective": "< 10"} for name in ("stuck", "alive")]
    guard = ShopGuard(stack, group(*rules), prometheus={"url": prometheus.url})
    guard.write_configuration()
    checked = guard.run("check", f"--config.file={guard.config_file}")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    told = checked.stdout + checked.stderr
    assert 'rule "stuck": it has not moved from 0 for' in told, told
    assert 'rule "alive"' not in told
