# SPDX-License-Identifier: Apache-2.0
"""The shipped receiver: a container's guard rolls back through it, and nobody else makes it run anything."""

import base64
import hashlib
import hmac
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from stack import Guard, HookReceiver, post_json, request, wait_until
from stack.hook_receiver import SECRET

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs"))
import hook_receiver   # noqa: E402  the program itself

RULES = """
defaults: { window: 60s, settle: 0s, interval: 1s, on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"']
    rollback: { hook: promote, mode: enforce, verify: 2s, cooldown: 0s }
    rules:
      - { slo: e2e, signal: e2e, objective: succeeded }
"""
CALL = {"service": "shop", "environment": "production", "version": "v2", "previous_version": "v1", "release": "r1"}


def command(script):
    return {"argv": ["/bin/sh", "-c", script, "promote", "{previous_version}", "rollback"], "timeout": 30}


@pytest.fixture
def runs(tmp_path):
    """A file with one line for each run of the command."""
    return tmp_path / "runs"


@pytest.fixture
def receiver(stack, runs):
    return stack.add(HookReceiver(stack.directory, {
        "promote": command(f'echo "$1 $2 $RELEASE_GUARD_VERSION" >>{runs}; echo switched to $1'),
        "broken": command("echo no such version; exit 3"),
        "leaves": command(f"sleep 1000 & echo $! >{runs}; echo done"),
        "leaves_a_writer": command(f"(while sleep 0.1; do echo more; echo run >>{runs}; done) & echo done; exit 3"),
        "slow": command(f"echo run >>{runs}; exec sleep 1000"),
    }))


def signed(body, key, age=0, secret=SECRET[6:]):
    stamp = str(int(time.time()) - age)
    content = b".".join([key.encode(), stamp.encode(), body])
    digest = hmac.digest(base64.b64decode(secret), content, hashlib.sha256)
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
            "Content-Type": "application/json"}


def post(receiver, hook, key="shop/production/r1/1", call=None, **how):
    body = json.dumps(call or CALL).encode()
    return request("POST", f"{receiver.url}/hooks/{hook}", body, signed(body, key, **how))


def ended(receiver, answer):
    """The answer to a poll once it is not 202 any more."""
    def finished():
        seen = request("GET", receiver.url + answer.headers["Location"])
        return seen if seen.status != 202 else None
    return wait_until(finished, "the command has ended", 20)


def test_a_guard_rolls_back_through_it_once(stack, receiver, runs):
    guard = stack.adopt(Guard(stack.directory, {
        "rule_files": ["rules.yml"],
        "hooks": [{"name": "promote", "http": {"url": f"{receiver.url}/hooks/promote",
                                                "secret_file": str(receiver.secret_file), "timeout": "20s"}}]}))
    (guard.directory / "rules.yml").write_text(RULES)
    guard.start()
    post_json(f"{guard.url}/api/v1/releases", {**{k: CALL[k] for k in CALL if k != "release"}, "id": "r1"})
    post_json(f"{guard.url}/api/v1/releases/r1/signal", {"name": "e2e", "status": "failed"})
    seen = guard.wait_phase("r1", "rolled_back", seconds=30)
    assert runs.read_text() == "v1 rollback v2\n"
    assert "switched to v1" in seen["decisions"][-1]["attempts"][0]["output"]


def test_the_same_key_runs_once_and_is_told_how_it_ended(receiver, runs):
    assert ended(receiver, post(receiver, "promote")).status == 200
    assert post(receiver, "promote").status == 409
    assert runs.read_text().count("\n") == 1
    assert ended(receiver, post(receiver, "promote", key="shop/production/r1/2")).status == 200
    assert runs.read_text().count("\n") == 2


def test_an_end_while_it_is_asked_for_is_no_restart(tmp_path, monkeypatch):
    results = hook_receiver.Results(tmp_path)
    results.begin("key")

    def ends_meanwhile(text):
        ending = threading.Thread(target=results.end, args=("key", {"status": "succeeded"}))
        monkeypatch.setattr(hook_receiver.json, "loads", loads)
        ending.start()
        ending.join(0.2)   # it either ends here, or has to wait for the reader
        return loads(text)
    loads = json.loads
    monkeypatch.setattr(hook_receiver.json, "loads", ends_meanwhile)
    assert results.find("key")["status"] == "running"
    wait_until(lambda: results.find("key")["status"] == "succeeded", "it has ended")


def test_a_failed_command_is_a_failure_with_its_output(receiver):
    answer = ended(receiver, post(receiver, "broken"))
    assert (answer.status, answer.json()["status"]) == (200, "failed")
    assert "no such version" in answer.json()["output"]
    assert post(receiver, "broken").status == 422


def test_what_ran_when_it_died_is_never_run_again(receiver, runs):
    answer = post(receiver, "slow")
    wait_until(runs.exists, "the command runs")
    receiver.kill()
    receiver.start()
    assert request("GET", receiver.url + answer.headers["Location"]).status == 500
    assert post(receiver, "slow").status == 500
    assert runs.read_text() == "run\n"


def test_a_process_that_is_left_behind_holds_nothing_up_and_is_let_be(receiver, runs):
    answer = ended(receiver, post(receiver, "leaves"))
    assert answer.json() == {"status": "succeeded", "exit": 0, "output": "done\n"}
    os.kill(int(runs.read_text()), 0)


def test_a_process_that_is_left_behind_can_go_on_printing(receiver, runs):
    answer = ended(receiver, post(receiver, "leaves_a_writer")).json()
    assert (answer["status"], answer["exit"], answer["output"][:5]) == ("failed", 3, "done\n")
    seen = runs.read_text().count("run")
    wait_until(lambda: runs.read_text().count("run") > seen + 3, "it has printed more")


def test_of_a_command_that_a_signal_ended_nobody_can_tell_and_nothing_is_left(stack, runs):
    receiver = stack.add(HookReceiver(stack.directory, {"killed": {
        "argv": ["/bin/sh", "-c", f"setsid sleep 1000 & echo $! >{runs}; kill -KILL $$"], "timeout": 60}}, "killed"))
    answer = ended(receiver, post(receiver, "killed"))
    assert (answer.status, answer.json()["status"], answer.json()["exit"]) == (500, "unknown", -9)
    wait_until(lambda: not running(int(runs.read_text())), "its child has ended")


def test_a_command_that_takes_too_long_is_ended_with_its_children(stack, runs):
    receiver = stack.add(HookReceiver(stack.directory, {"slow": {
        "argv": ["/bin/sh", "-c", f"echo begun; setsid sleep 1000 & echo $! >{runs}; wait"], "timeout": 1}}, "impatient"))
    answer = ended(receiver, post(receiver, "slow"))
    assert (answer.status, answer.json()["status"], answer.json()["output"]) == (500, "unknown", "begun\n")
    wait_until(lambda: not running(int(runs.read_text())), "its child has ended")


def test_what_hides_from_its_deadline_is_ended_and_what_another_call_left_is_not(stack, runs, tmp_path):
    hidden = tmp_path / "hidden"
    receiver = stack.add(HookReceiver(stack.directory, {
        "leaves": command(f"sleep 1000 & echo $! >{runs}"),
        "slow": {"argv": ["/bin/sh", "-c", f"(setsid env -i /bin/sh -c 'echo $$ >{hidden}; exec sleep 1000' &); sleep 1000"],
                 "timeout": 1}}, "impatient"))
    assert ended(receiver, post(receiver, "leaves", "a")).status == 200
    assert ended(receiver, post(receiver, "slow", "b")).json()["status"] == "unknown"
    assert not running(int(hidden.read_text()))
    assert running(int(runs.read_text()))


def test_a_command_that_nobody_holds_to_its_deadline_any_more_is_unknown(receiver, runs):
    answer = post(receiver, "slow")
    wait_until(runs.exists, "the command runs")
    keeper = next(pid for pid in map(int, filter(str.isdigit, os.listdir("/proc")))
                  if b"\0keep\0" in commandline(pid) and str(runs).encode() in commandline(pid))
    os.kill(keeper, signal.SIGKILL)
    assert ended(receiver, answer).status == 500
    assert post(receiver, "slow").status == 500
    assert runs.read_text() == "run\n"


def test_a_command_that_cannot_be_run_failed(stack):
    receiver = stack.add(HookReceiver(stack.directory, {"gone": {"argv": ["/nonexistent"]}}, "gone"))
    assert ended(receiver, post(receiver, "gone")).json() == {
        "status": "failed", "output": "cannot run /nonexistent: No such file or directory"}


def commandline(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def running(pid):
    """Whether this process exists and is more than a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_only_who_was_told_can_read_what_a_command_printed(receiver):
    key = "shop/production/r1/1"
    answer = post(receiver, "broken", key)
    guessed = hashlib.sha256(key.encode()).hexdigest()[:32]
    location = answer.headers["Location"]
    assert ended(receiver, answer).status == 200
    for path in (guessed, f"{guessed}-", f"{guessed}-{'0' * 32}", location.removeprefix("/results/")[:-1]):
        answer = request("GET", f"{receiver.url}/results/{path}")
        assert (answer.status, "no such version" in answer.text) == (404, False), path
    receiver.restart()
    assert request("GET", receiver.url + location).json()["output"] == "no such version\n"


def test_another_secret_does_not_make_a_command_run_twice(receiver, runs):
    assert ended(receiver, post(receiver, "promote")).status == 200
    receiver.stop()
    changed = base64.b64encode(b"another secret of enough bytes").decode()
    receiver.secret_file.write_text(f"whsec_{changed}\n")
    receiver.start()
    assert post(receiver, "promote").status == 401
    assert post(receiver, "promote", secret=changed).status == 409
    assert runs.read_text().count("\n") == 1


@pytest.mark.parametrize("change, status", [
    ({"webhook-signature": "v1,AAAA"}, 401),
    ({"webhook-signature": ""}, 401),
    ({"webhook-timestamp": "0"}, 401),
    ({"webhook-id": "another"}, 401),
])
def test_nothing_runs_without_a_valid_signature(receiver, runs, change, status):
    body = json.dumps(CALL).encode()
    answer = request("POST", f"{receiver.url}/hooks/promote", body, {**signed(body, "k"), **change})
    assert answer.status == status
    assert not runs.exists()


def test_an_old_call_cannot_be_replayed(receiver, runs):
    assert post(receiver, "promote", age=3600).status == 401
    assert not runs.exists()


@pytest.mark.parametrize("version", ["-rf", "$(reboot)", "v1 v2", "v1\nv2", ""])
def test_a_value_that_is_no_plain_word_is_refused(receiver, runs, version):
    assert post(receiver, "promote", call={**CALL, "previous_version": version}).status == 422
    assert not runs.exists()


def test_only_listed_commands_can_be_asked_for(receiver):
    assert post(receiver, "../promote").status == 404
    assert post(receiver, "rm").status == 404


def test_a_huge_body_is_not_read(receiver):
    assert request("POST", f"{receiver.url}/hooks/promote", b"x" * 100_000).status == 413
