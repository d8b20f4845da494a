# SPDX-License-Identifier: Apache-2.0
"""The guard's own metrics, as Prometheus' linter sees them."""

import subprocess

from stack import Guard, get, program

RULES = """
defaults: { window: 1m, on_no_data: hold, on_error: hold }
groups:
  - name: test
    match: ['service="shop"']
    rollback: { mode: observe }
    rules:
      - { slo: e2e, signal: e2e, objective: succeeded }
"""


def test_promtool_has_nothing_to_say_against_the_metrics(stack):
    guard = stack.adopt(Guard(stack.directory, {"rule_files": ["rules.yml"]}))
    (guard.directory / "rules.yml").write_text(RULES)
    guard.start()
    metrics = get(f"{guard.url}/metrics").text
    lint = subprocess.run([program("promtool"), "check", "metrics"], input=metrics, text=True, capture_output=True,
                          timeout=60, check=False)
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")
    assert "release_guard_build_info{" in metrics
