# SPDX-License-Identifier: Apache-2.0
"""A rollback goes on when the guard is killed, ended or restarted meanwhile, and its hook acts once."""

import os
import signal
import threading
from pathlib import Path

import pytest

from shop import E2E, ShopGuard, group
from stack import Recorder, wait_until

ONCE = ["shop/production/r1/1"]
# The hook takes the guard down itself, as a rollback that restarts the whole stack does, and then goes on.
KILL_GUARD = "kill -9 $(cat guard.pid); echo killed the guard; touch survived"
WAIT_FOR_GO = "touch begun; until [ -e go ]; do sleep 0.05; done; echo went on"


def begin(stack, hook, **more):
    """A guard whose hook is being called for r1."""
    guard = ShopGuard(stack, group(E2E), hook=hook, **more).start()
    (guard.directory / "guard.pid").write_text(str(guard.pid))
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    return guard


def attempts(release):
    return [(attempt["result"], attempt["output"]) for attempt in release["decisions"][0]["attempts"]]


def wait_file(guard, name):
    wait_until((guard.directory / name).exists, f"the hook made {name}")


def test_a_hook_that_kills_the_guard_is_picked_up_by_the_next_one(stack):
    guard = begin(stack, KILL_GUARD)
    assert guard.wait_ended() == -signal.SIGKILL
    wait_file(guard, "survived")
    guard.start()
    assert attempts(guard.wait_phase("r1", "rolled_back")) == [("done", "killed the guard\n")]
    assert guard.keys() == ONCE


def test_a_hook_that_still_runs_is_waited_for_after_a_crash(stack):
    guard = begin(stack, WAIT_FOR_GO)
    wait_file(guard, "begun")
    guard.kill()
    guard.start()
    assert guard.release("r1")["phase"] == "rolling_back"
    (guard.directory / "go").touch()
    assert attempts(guard.wait_phase("r1", "rolled_back")) == [("done", "went on\n")]
    assert guard.keys() == ONCE


def test_crash_after_crash_leaves_one_call(stack):
    guard = begin(stack, WAIT_FOR_GO)
    wait_file(guard, "begun")
    for _ in range(4):
        guard.kill()
        guard.start()
    (guard.directory / "go").touch()
    guard.wait_phase("r1", "rolled_back")
    assert guard.keys() == ONCE


def test_sigterm_ends_the_guard_but_not_its_hook(stack):
    guard = begin(stack, WAIT_FOR_GO)
    wait_file(guard, "begun")
    guard.signal(signal.SIGTERM)
    assert guard.wait_ended() == 0
    (guard.directory / "go").touch()
    guard.start()
    assert attempts(guard.wait_phase("r1", "rolled_back")) == [("done", "went on\n")]
    assert guard.keys() == ONCE


def test_no_hook_outlives_the_stack_it_was_called_in(stack):
    guard = begin(stack, "echo $$ > hook.pid; trap '' TERM; touch begun; while :; do sleep 0.1; done")
    wait_file(guard, "begun")
    hook = int((guard.directory / "hook.pid").read_text())
    stack.close()
    assert not _runs(hook)


def _runs(pid):
    """False also for one that ended and whose new parent has not looked after it yet."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


@pytest.mark.parametrize("idempotent", [False, True])
def test_a_hook_that_is_killed_is_unknown_and_called_again_only_if_it_may_be(stack, idempotent):
    guard = begin(stack, "[ $RELEASE_GUARD_ATTEMPT = 2 ] || kill -9 $$", hook_keys={"idempotent": idempotent})
    ended = guard.wait_phase("r1", "rolled_back" if idempotent else "rollback_failed")
    assert attempts(ended)[0] == ("unknown", "")
    assert ended["decisions"][0]["state"] == ("confirmed" if idempotent else "unknown")
    assert guard.keys() == ONCE * (2 if idempotent else 1)


# What it leaves behind has dropped its environment, its session and its parents, and acts when it is let.
HIDING = "setsid env -i PATH=$PATH sh -c 'echo $$ > hidden.pid; until [ -e go ]; do sleep 0.05; done; echo acted >> acted' &"


def supervisors(guard):
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"\0supervise-hook\0" + str(guard.directory).encode() in command:
            found.append(int(folder.name))
    return sorted(found)


@pytest.mark.parametrize("killed", ["one", "both"])
def test_fault_41_no_second_attempt_acts_beside_what_a_killed_supervisor_left(stack, killed):
    guard = begin(stack, f"[ $RELEASE_GUARD_ATTEMPT = 2 ] || {{ {HIDING}\ntouch begun; sleep 1000; }}",
                  hook_keys={"idempotent": True})
    wait_file(guard, "begun")
    wait_file(guard, "hidden.pid")
    both = supervisors(guard)
    assert len(both) == 2
    for pid in both if killed == "both" else both[1:]:
        os.kill(pid, signal.SIGKILL)
    ended = guard.wait_phase("r1", "rolled_back" if killed == "one" else "rollback_failed")
    (guard.directory / "go").touch()
    hidden = int((guard.directory / "hidden.pid").read_text())
    wait_until(lambda: not _runs(hidden), "what hid has ended")
    assert (guard.directory / "acted").exists() == (killed == "both")
    assert guard.keys() == ONCE * (2 if killed == "one" else 1)
    assert attempts(ended)[0][0] == "unknown"


class SlowDeployment:
    """An HTTP hook whose answer waits until it is let go."""

    def __init__(self):
        self.go = threading.Event()
        self.recorder = Recorder(self._answer)

    def _answer(self, _received):
        self.go.wait(30)
        return 200

    def keys(self):
        return [received.headers["Idempotency-Key"].strip('"') for received in self.recorder.received]


@pytest.fixture
def deployment():
    slow = SlowDeployment()
    with slow.recorder:
        yield slow
        slow.go.set()


def begin_http(stack, deployment, **keys):
    hook = {"name": "undo", "http": {"url": f"{deployment.recorder.url}/rollback", "timeout": "20s"}, "backoff": "1s",
            **keys}
    guard = ShopGuard(stack, group(E2E), hooks=[hook]).start()
    guard.watch("r1")
    guard.signal_e2e("r1", "failed")
    wait_until(lambda: deployment.keys() == ONCE, "the hook is called")
    return guard


def test_sigterm_waits_for_the_answer_of_an_http_hook(stack, deployment):
    guard = begin_http(stack, deployment)
    guard.signal(signal.SIGTERM)
    wait_until(lambda: "ending" in guard.log_tail(), "the guard has heard the signal")
    assert guard.running()
    deployment.go.set()
    assert guard.wait_ended() == 0
    guard.start()
    assert attempts(guard.wait_phase("r1", "rolled_back"))[0][0] == "done"
    assert deployment.keys() == ONCE


@pytest.mark.parametrize("idempotent", [False, True])
def test_a_crash_in_an_http_call_leaves_its_outcome_unknown(stack, deployment, idempotent):
    guard = begin_http(stack, deployment, idempotent=idempotent)
    guard.kill()
    deployment.go.set()
    guard.start()
    ended = guard.wait_phase("r1", "rolled_back" if idempotent else "rollback_failed")
    assert attempts(ended)[0][0] == "unknown"
    assert deployment.keys() == ONCE * (2 if idempotent else 1)


def test_a_person_who_orders_an_unknown_rollback_again_repeats_its_key(stack, deployment):
    guard = begin_http(stack, deployment)
    guard.kill()
    deployment.go.set()
    guard.start()
    guard.wait_phase("r1", "rollback_failed")
    guard.order("r1", "rollback", reason="the service still runs v2")
    guard.wait_phase("r1", "rolled_back")
    assert deployment.keys() == ONCE * 2
