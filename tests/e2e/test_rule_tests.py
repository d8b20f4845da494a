# SPDX-License-Identifier: Apache-2.0
"""`release-guard test` over a real Prometheus: what ships, what the documents show, and that nothing is left behind."""

import os
import re
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from stack import wait_until
from stack.guard import BINARY
from stack.server import ROOT, environment, program

RULES = """
groups:
  - name: shop
    match: ['service="shop"']
    window: 1h
    settle: 0s
    interval: 10s
    rollback: { mode: observe }
    rules:
      - { slo: instances, expr: 'count(up{job="shop"})', objective: ">= 2", on_no_data: hold, on_error: hold }
      - { slo: late, expr: 'sum(last_over_time(jobs[10m]))', objective: "< 10", max_age: 1m, on_no_data: ignore, on_error: hold }
"""
TESTS = """
rule_files: [rules.yml]
interval: 10s
release: { service: shop, environment: production, version: "2", previous_version: "1", live: 20m }
tests:
  - name: one
    input_series:
"""


@pytest.fixture
def run(tmp_path):
    """Runs `release-guard test` in a folder of its own, with temporary files under it; `left` says what of them is there."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def command(*words, prometheus=program("prometheus")):
        return [BINARY, "test", f"--prometheus.bin={prometheus}", *map(str, words)]

    def running(*words, **options):
        done = subprocess.run(command(*words, **options), cwd=tmp_path, env={**environment(), "TMPDIR": str(scratch)}, text=True,
                              capture_output=True, timeout=300, check=False)
        assert left() == [], "a folder is left behind"
        return done

    def left():
        return sorted(scratch.iterdir())

    (tmp_path / "rules.yml").write_text(RULES)
    running.command, running.left, running.folder, running.scratch = command, left, tmp_path, scratch
    return running


def blocks(path, first_line):
    found = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / path).read_text(), re.MULTILINE | re.DOTALL)
    return [text for text in found if text.startswith(first_line)]


SHIPPED = [path for path in sorted([*ROOT.glob("rules/*.yml"), *ROOT.glob("packaging/rules/*.yml")])
           if not path.name.endswith(".test.yml")]


@pytest.mark.parametrize("rules", SHIPPED, ids=lambda path: path.stem)
def test_every_rule_file_that_ships_has_its_tests_and_they_pass(run, rules):
    done = run("--junit", "report.xml", rules.with_suffix(".test.yml"))
    assert done.returncode == 0, done.stdout + done.stderr
    suite = ElementTree.parse(run.folder / "report.xml").find("testsuite")
    groups = yaml.safe_load(rules.read_text())["groups"]
    assert int(suite.get("tests")) > sum(len(group["rules"]) for group in groups)
    # Each rule that judges a release has a test that is about it.
    tests = rules.with_suffix(".test.yml").read_text()
    for slo in (rule["slo"] for group in groups for rule in group["rules"]):
        assert f"by: {slo}" in tests or f"slo: {slo}, value" in tests, slo


def test_the_examples_of_the_documents_pass_and_print_what_is_shown(run):
    (run.folder / "first.yml").write_text(blocks("docs/first-rules.md", "# rules: first.yml")[0])
    examples = blocks("docs/testing-rules.md", "# tests")
    assert len(examples) == 2
    for number, text in enumerate(examples):
        (run.folder / f"first{number or ''}.test.yml").write_text(text)
    done = run("first.test.yml")
    assert done.returncode == 0, done.stdout
    assert done.stdout in (ROOT / "docs" / "testing-rules.md").read_text()
    assert run("first1.test.yml").returncode == 0


def test_the_rule_of_the_readme_is_tested_as_it_is_shown(run):
    (run.folder / "shop.rules.yml").write_text(blocks("README.md", "# shop.rules.yml")[0])
    (run.folder / "shop.test.yml").write_text(blocks("README.md", "# shop.test.yml")[0])
    done = run("shop.test.yml")
    assert done.returncode == 0, done.stdout


def test_a_series_that_is_stale_is_gone_at_once_and_one_without_a_sample_is_not(run):
    (run.folder / "a.test.yml").write_text(TESTS + """
      - { series: 'up{job="shop",instance="a"}', values: 1x300 }
      - { series: 'up{job="shop",instance="b"}', values: 1x240 stale }
      - { series: 'up{job="shop",instance="c"}', values: 1x240 }
      - { series: jobs, values: 3x240 }
    expect:
      - { at: 20m, rules: [{ slo: instances, value: 3 }] }
      - at: 21m30s
        rules: [{ slo: instances, value: 2 }, { slo: late, evaluation: no_data }]
      - { at: 26m, decision: rollback, by: instances }
""")
    done = run("a.test.yml")
    assert done.returncode == 0, done.stdout


def test_what_is_otherwise_is_said_where_it_stands(run):
    (run.folder / "a.test.yml").write_text(TESTS + """
      - { series: 'up{job="shop",instance="a"}', values: 1x300 }
      - { series: 'up{job="shop",instance="b"}', values: 1x122 stale }
    expect:
      - { at: 1m, decision: none }
""")
    done = run("a.test.yml")
    assert done.returncode == 1
    assert re.search(r"^a\.test\.yml:12:29: at 1m: expected decision none, got rollback: instances: 1 against >= 2",
                     done.stdout, re.MULTILINE), done.stdout


def test_a_prometheus_that_cannot_be_run_is_said(run):
    (run.folder / "a.test.yml").write_text(TESTS + """
      - { series: up, values: 1 }
    expect: [{ at: 1m, decision: none }]
""")
    done = run("a.test.yml", prometheus="/nowhere/prometheus")
    assert done.returncode == 1
    assert '"/nowhere/prometheus" cannot be run; install Prometheus, or name its program' in done.stdout
    done = run("a.test.yml", prometheus="/bin/false")
    assert done.returncode == 1
    assert '"/bin/false" ended with exit code 1' in done.stdout


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def ended(pid):
    """Gone, or a zombie that nobody has asked for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_command_that_is_ended_leaves_nothing_behind(run):
    """Also where it is killed: then the folder stays, and Prometheus does not."""
    body = "".join(f"      - {{ series: 'up{{instance=\"{n}\"}}', values: 1x4000 }}\n" for n in range(200))
    (run.folder / "a.test.yml").write_text(TESTS + body + "    expect: [{ at: 55m, decision: hold }]\n")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        guard = subprocess.Popen(run.command("a.test.yml"), cwd=run.folder, stdout=subprocess.PIPE, text=True,
                                 env={**environment(), "TMPDIR": str(run.scratch)})
        [server] = wait_until(lambda guard=guard: children(guard.pid), "Prometheus runs")
        os.kill(guard.pid, number)
        out, _ = guard.communicate(timeout=60)
        wait_until(lambda server=server: ended(server), "Prometheus has ended")
        if number != signal.SIGKILL:
            assert guard.returncode == 1
            assert "interrupted" in out
            assert run.left() == []
