# SPDX-License-Identifier: Apache-2.0
"""What an assistant sees through `release-guard mcp`, asked by the inspector of the protocol's own project."""

import json
import subprocess

import pytest

from shop import E2E, ShopGuard, group
from stack.guard import BINARY
from stack.server import ROOT

INSPECTOR = ROOT / "tests/npm/node_modules/@modelcontextprotocol/inspector-cli/build/cli.js"


@pytest.fixture
def guard(stack):
    guard = ShopGuard(stack, group(E2E)).start()
    guard.announce("r1")
    yield guard
    guard.kill()


def inspect(guard, method, *arguments, **inputs):
    named = [word for name, value in inputs.items() for word in ("--tool-arg", f"{name}={value}")]
    done = subprocess.run(["node", INSPECTOR, "--cli", "-e", f"RELEASE_GUARD_SERVER={guard.url}", BINARY, "mcp", f"--folder={guard.directory}", *arguments, "--method", method, *named],
                          capture_output=True, text=True, timeout=60, check=False,
                          cwd=INSPECTOR.parent)   # it looks for its own package.json beside where it is run
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def call(guard, tool, **inputs):
    answer = inspect(guard, "tools/call", "--tool-name", tool, **inputs)
    return answer["content"][0]["text"], answer.get("isError", False)


def test_every_tool_says_that_it_only_reads(guard):
    tools = inspect(guard, "tools/list")["tools"]
    assert {"list_releases", "explain_release", "report_release", "check_rules", "backtest_rules"} <= {tool["name"] for tool in tools}
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools)


def test_an_assistant_sees_what_a_person_would(guard):
    shown, failed = call(guard, "explain_release", release="r1")
    assert "shop v1 -> v2" in shown and not failed
    shown, failed = call(guard, "explain_release", release="nothing")
    assert "nothing" in shown and failed
    shown, failed = call(guard, "check_rules", rule_files=json.dumps(["rules.yml"]))
    assert "ok: 1 group" in shown and not failed


def test_a_file_that_is_no_rule_file_is_not_shown(guard):
    guard.write_token("operator.token", "the-token-of-an-operator")
    shown, failed = call(guard, "check_rules", rule_files=json.dumps(["operator.token"]))
    assert failed and "the-token" not in shown
