# SPDX-License-Identifier: Apache-2.0
"""What docs/pipelines.md shows, tried on a real guard: `run`, the plain script, and the steps of the action."""

import os
import re
import subprocess

import pytest
import yaml

from pipeline import ACTION, DOCUMENT, SSH, block, executable, furnish, run, step
from shop import E2E, ShopGuard, group
from stack import wait_until

PLACE = ("--service", "shop", "--environment", "production", "--version", "v2", "--previous-version", "v1")


@pytest.fixture
def guard(stack):
    return ShopGuard(stack, group(E2E, window="20s", settle="1s")).start()


@pytest.fixture
def folder(tmp_path):
    return furnish(tmp_path)


def test_run_wraps_a_deployment_and_waits_for_its_first_minutes(folder, guard):
    done = run(folder, guard, ["release-guard", "run", "--id", "r1", *PLACE, "--for", "2s", "--", "./deploy.sh", "v2"],
               RELEASE_GUARD_RUN_URL="https://ci.example/run/7")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("deploying\n") and "shop v2 in production: watching" in done.stdout
    assert (folder / "deployed").read_text() == "v2 r1\n"
    assert guard.release("r1")["labels"] == {"run": "https://ci.example/run/7"}


def test_run_tells_what_the_gate_refuses_and_deploys_nothing(folder, guard):
    guard.configuration["freezes"] = [{"match": ['service="shop"'], "from": "2020-01-01T00:00:00Z",
                                       "until": "2200-01-01T00:00:00Z", "reason": "the sale"}]
    guard.write_configuration()
    assert guard.call("POST", "/-/reload").status == 200
    done = run(folder, guard, ["release-guard", "run", *PLACE, "--", "./deploy.sh", "v2"])
    assert done.returncode == 1 and "the sale" in done.stderr
    assert not (folder / "deployed").exists()


def test_run_aborts_the_release_of_a_deployment_that_fails(folder, guard):
    executable(folder / "deploy.sh", "exit 3")
    done = run(folder, guard, ["release-guard", "run", "--id", "r1", *PLACE, "--", "./deploy.sh"])
    assert done.returncode == 1 and "the deployment failed: exit 3" in done.stderr
    assert guard.release("r1")["phase"] == "aborted"


def test_a_rollback_in_the_first_minutes_is_the_exit_code(folder, guard):
    executable(folder / "deploy.sh", 'release-guard release signal "$RELEASE_GUARD_RELEASE" e2e succeeded >/dev/null')
    process = subprocess.Popen(
        ["release-guard", "run", "--id", "r1", *PLACE, "--", "./deploy.sh"], cwd=folder, text=True,
        env={**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "RELEASE_GUARD_SERVER": guard.url},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until(lambda: guard.call("GET", "/api/v1/releases/r1").status == 200, "it is announced")
    guard.wait_phase("r1", "watching")
    guard.signal_e2e("r1", "failed")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err


def test_the_plain_script_is_a_whole_pipeline(folder, guard):
    script = block("# pipeline.sh")
    executable(folder / "end_to_end_tests.sh", "true")
    # The first release of a place has nothing to go back to.
    script = script.replace('--version "$VERSION" --phase', '--version "$VERSION" --previous-version v1 --phase')
    done = run(folder, guard, ["sh", "-c", script], VERSION="v2")
    assert done.returncode == 0, done.stdout + done.stderr
    release = guard.call("GET", "/api/v1/releases").json()["releases"][0]
    assert release["phase"] == "passed"


def test_the_action_runs_on_the_server_by_ssh(folder, guard):
    (folder / "home").mkdir()
    (folder / "site").mkdir()
    (folder / "deploy.sh").rename(folder / "site" / "deploy.sh")
    executable(folder / "bin" / "ssh", SSH)
    done, output = step(folder, guard, ssh="user@server", ssh_key="a key", known_hosts="server ssh-ed25519 AAAA", token="a 'token'",
                        directory=str(folder / "site"), server=guard.url,
                        arguments="run --id r1 --for 1s " + " ".join(PLACE) + " -- ./deploy.sh 'v2 of today'")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "site" / "deployed").read_text() == "v2 of today r1\n"
    assert "deploying" in output
    asked = (folder / "ssh.log").read_text().splitlines()
    assert "user@server" in asked and "StrictHostKeyChecking=yes" in asked and not any("token" in word for word in asked)
    assert guard.release("r1")["labels"] == {"run": "https://github.com/o/r/actions/runs/9"}


def test_the_action_fails_as_its_command_does(folder, guard):
    executable(folder / "deploy.sh", "exit 1")
    done, _ = step(folder, guard, server=guard.url, arguments="run " + " ".join(PLACE) + " -- ./deploy.sh")
    assert done.returncode == 1


@pytest.mark.parametrize("text", re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL))
def test_what_the_action_is_given_is_what_it_takes(text):
    used = [yaml.safe_load(part) for part in re.findall(r"^ *with:\n((?: {8,}.*\n?)+)", text, re.MULTILINE)]
    for inputs in used:
        assert set(inputs) <= set(ACTION["inputs"])
