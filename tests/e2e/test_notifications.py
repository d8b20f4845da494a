# SPDX-License-Identifier: Apache-2.0
"""The guard tells people by itself, without an Alertmanager: Slack, Discord, Teams and a program, each once."""

import json
import re
import signal
import sqlite3
from contextlib import closing
from datetime import datetime

import pytest
import yaml

from shop import E2E, ShopGuard, group
from stack import Alertmanager, request, wait_until
from stack.chats import PATHS, Chats
from stack.server import ROOT

HOOK = "while [ ! -e done ]; do sleep 0.1; done"   # a rollback takes as long as a test wants
LONG = {"window": "5m", "settle": "0s", "verify": "5m"}
KINDS = list(PATHS)
STARTED = "shop v2 in production is live and being watched."
BACK = "shop v2 in production is being rolled back to v1."
DONE = "shop v2 in production was rolled back to v1."
WAITING = "shop v2 in production is in breach; its rollback to v1 waits for a person."
ABORTED = "shop v2 in production: the watch was aborted."
CHATS = [kind for kind in KINDS if kind != "webhook"]


@pytest.fixture
def chats():
    with Chats() as running:
        yield running


def start(stack, chats, *kinds, mode="enforce", **more):
    guard = ShopGuard(stack, group(E2E, **LONG, mode=mode), hook=HOOK)
    guard.configuration["receivers"] = chats.receivers(guard, *kinds, **more)
    guard.start()
    guard.watch("r1")
    return guard


def end_hook(guard):
    (guard.directory / "done").touch()
    guard.wait_phase("r1", "rolled_back")


def told(chats, kind, title, seconds=30):
    wait_until(lambda: title in chats.titles(kind), f"{kind} is told: {title}", seconds)


def page(guard):
    return request("GET", f"{guard.url}/metrics").text


def value(guard, series):
    found = re.search(rf"^{re.escape(series)} (\S+)$", page(guard), re.MULTILINE)
    return float(found[1]) if found else None


def stored_as_sent(guard, receiver):
    """The alerts that the journal knows this receiver to have been told."""
    with closing(sqlite3.connect(f"file:{guard.directory}/data/journal.db?mode=ro", uri=True)) as journal:
        rows = journal.execute("SELECT body FROM told WHERE receiver = ?", (receiver,)).fetchall()
    told_alerts = [json.loads(body) for body, in rows]
    return {told["alert"]["labels"]["alertname"] for told in told_alerts if told["state"] == "sent"}


def test_a_rollback_is_told_to_everyone_from_its_start_to_its_end(stack, chats):
    guard = start(stack, chats)
    for kind in KINDS:
        told(chats, kind, STARTED)
    guard.signal_e2e("r1", "failed")
    for kind in KINDS:
        told(chats, kind, BACK)
    end_hook(guard)
    for kind in KINDS:
        told(chats, kind, DONE)
    for kind in CHATS:
        assert chats.titles(kind) == [STARTED, BACK, DONE], "each part of the story once"
    text = json.dumps(chats.bodies("slack")[-1])
    assert "*Version:* v2, before it v1" in text and "Find the cause before the next release." in text
    wait_until(lambda: f"No longer: {BACK}" in chats.titles("webhook"), "a program is told of every end")
    for kind in KINDS:
        assert value(guard, f'release_guard_notifications_total{{receiver="{kind}"}}') >= 3
        assert value(guard, f'release_guard_notifications_failed_total{{reason="clientError",receiver="{kind}"}}') == 0


def test_what_needs_a_person_is_told_until_it_no_longer_does(stack, chats):
    guard = start(stack, chats, mode="ask")
    guard.signal_e2e("r1", "failed")
    for kind in KINDS:
        told(chats, kind, WAITING)
    guard.order("r1", "abort")
    for kind in KINDS:
        told(chats, kind, ABORTED)
        told(chats, kind, f"No longer: {WAITING}")
        assert chats.titles(kind).count(WAITING) == 1


def test_a_guard_that_dies_before_it_hears_of_it_tells_it_once_more_and_says_so(stack, chats):
    guard = start(stack, chats, "slack", "discord")
    for kind in ("slack", "discord"):
        told(chats, kind, STARTED)
    wait_until(lambda: stored_as_sent(guard, "slack"), "what Slack answered is stored")
    chats.hold.add("slack")
    guard.signal_e2e("r1", "failed")
    told(chats, "slack", BACK)
    told(chats, "discord", BACK)
    wait_until(lambda: "ReleaseGuardRollingBack" in stored_as_sent(guard, "discord"), "what Discord answered is stored")
    guard.kill()
    chats.let_go()
    guard.start()
    wait_until(lambda: len(chats.bodies("slack")) == 3, "slack is told once more")
    end_hook(guard)
    for kind in ("slack", "discord"):
        told(chats, kind, DONE)
    assert chats.titles("slack") == [STARTED, BACK, BACK, DONE]
    again = "This is sent once more: nobody knows whether it arrived the first time."
    assert [again in json.dumps(body) for body in chats.bodies("slack")] == [False, False, True, False]
    keys = [received.headers["Idempotency-Key"] for received in chats.received if received.path == PATHS["slack"]]
    assert keys[1] == keys[2] and len(set(keys)) == 3
    assert chats.titles("discord") == [STARTED, BACK, DONE], "what arrived is not told again"


def test_a_guard_that_ends_in_order_waits_for_the_answer_and_tells_nothing_twice(stack, chats):
    guard = start(stack, chats, "slack")
    told(chats, "slack", STARTED)
    wait_until(lambda: stored_as_sent(guard, "slack"), "what Slack answered is stored")
    chats.hold.add("slack")
    guard.signal_e2e("r1", "failed")
    told(chats, "slack", BACK)
    guard.signal(signal.SIGTERM)
    wait_until(lambda: "msg=ending" in guard.log_tail(), "the guard is told to end")
    chats.let_go()
    assert guard.wait_ended() == 0
    assert "ReleaseGuardRollingBack" in stored_as_sent(guard, "slack")
    guard.start()
    end_hook(guard)
    told(chats, "slack", DONE)
    assert chats.titles("slack") == [STARTED, BACK, DONE]


def test_one_that_is_away_or_hangs_keeps_nobody_waiting_and_hears_later_what_is_true(stack, chats):
    chats.hold.add("msteams")
    chats.answers["slack"] = (503, {}, b"")
    chats.answers["discord"] = (429, {"Content-Type": "application/json", "Retry-After": "2"},
                                b'{"message": "You are being rate limited.", "retry_after": 1.5, "global": false}')
    guard = start(stack, chats, timeout="2s")
    told(chats, "webhook", STARTED)
    guard.signal_e2e("r1", "failed")
    told(chats, "webhook", BACK)
    end_hook(guard)
    told(chats, "webhook", DONE)
    failed = 'release_guard_notifications_failed_total{{reason="{}",receiver="{}"}}'
    for reason, kind in (("serverError", "slack"), ("clientError", "discord"), ("contextDeadlineExceeded", "msteams")):
        wait_until(lambda: value(guard, failed.format(reason, kind)), f"{kind} fails with {reason}")
    ready = request("GET", f"{guard.url}/-/ready")
    assert ready.status == 200
    for kind in CHATS:
        assert f'receiver "{kind}" has taken no message since' in ready.text
    assert "a-secret" not in guard.log_tail() and "a-secret" not in ready.text
    before = len(chats.bodies("slack"))
    chats.answers.clear()
    chats.let_go()
    for kind in CHATS:
        told(chats, kind, DONE, 90)
    wait_until(lambda: "has taken no message" not in request("GET", f"{guard.url}/-/ready").text, "all is well", 90)
    assert set(chats.titles("slack")[before:]) == {DONE}, "of what is over it hears nothing"


def test_a_refusal_is_not_repeated_at_once_and_a_reload_tries_again(stack, chats):
    chats.answers["slack"] = (403, {"Content-Type": "text/plain"}, b"invalid_token")
    guard = start(stack, chats, "slack")
    wait_until(lambda: "invalid_token" in guard.log_tail(), "the log says what Slack answered")
    guard.signal_e2e("r1", "failed")
    told(chats, "slack", BACK)
    assert chats.titles("slack") == [STARTED, BACK]
    chats.answers.clear()
    assert request("POST", f"{guard.url}/-/reload").status == 200
    wait_until(lambda: chats.titles("slack").count(BACK) == 2, "it is told once it can be")


def test_matchers_choose_who_is_told_of_what(stack, chats):
    guard = start(stack, chats, "slack", match=['severity="critical"'], mode="ask")
    guard.signal_e2e("r1", "failed")
    told(chats, "slack", WAITING)
    assert chats.titles("slack") == [WAITING]


def test_the_webhook_is_that_of_alertmanager(stack, chats):
    alertmanager = stack.adopt(Alertmanager(stack.directory))
    alertmanager.configuration = {
        "route": {"receiver": "program", "group_by": ["..."], "group_wait": "0s"},
        "receivers": [{"name": "program", "webhook_configs": [{"url": f"{chats.url}/of-alertmanager"}]}]}
    alertmanager.start()
    guard = ShopGuard(stack, group(E2E, **LONG), alertmanager={"urls": [alertmanager.url], "warm_up": "1s"})
    guard.configuration["receivers"] = chats.receivers(guard, "webhook")
    guard.start()
    guard.watch("r1")
    told(chats, "webhook", STARTED)
    theirs = wait_until(lambda: [json.loads(received.body) for received in chats.received
                                 if received.path == "/of-alertmanager"], "Alertmanager tells it too")[0]
    ours = chats.bodies("webhook")[0]
    assert set(ours) == set(theirs)
    [our_alert], [their_alert] = ours["alerts"], theirs["alerts"]
    assert set(our_alert) == set(their_alert)
    for same in ("fingerprint", "labels", "annotations", "status", "endsAt"):
        assert our_alert[same] == their_alert[same], same
    assert datetime.fromisoformat(our_alert["startsAt"]) == datetime.fromisoformat(their_alert["startsAt"])


def test_a_test_message_shows_that_a_receiver_works(stack, chats):
    guard = ShopGuard(stack, group(E2E, **LONG))
    guard.configuration["receivers"] = chats.receivers(guard)
    guard.write_configuration()
    sent = guard.run("notify", "--config.file", guard.config_file)
    assert sent.returncode == 0, sent.stderr
    assert sent.stdout.splitlines() == [f"{kind}: took a test message; see that it arrived" for kind in KINDS]
    for kind in KINDS:
        assert chats.titles(kind) == [f"A test message of Release Guard to receiver {kind}. Nothing is to be done."]
    (guard.directory / "slack.url").write_text(f"{chats.url}/services/of-nobody\n")
    failed = guard.run("notify", "--config.file", guard.config_file, "--receiver", "slack")
    assert (failed.returncode, failed.stdout) == (1, "slack: HTTP 404: no_service\n")


def test_the_example_of_the_document_passes_the_check(stack):
    text = (ROOT / "docs" / "notifications.md").read_text()
    example = yaml.safe_load(re.search(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1])
    guard = ShopGuard(stack, group(E2E, **LONG), **example)
    for receiver in example["receivers"]:
        (guard.directory / receiver["url_file"]).write_text("https://chat.example.org/services/1\n")
    guard.write_configuration()
    checked = guard.run("check", "--config.file", guard.config_file)
    assert checked.returncode == 0, checked.stdout


def test_fault_67_a_hostile_name_is_text_in_every_message(stack, chats):
    guard = ShopGuard(stack, group(E2E, **LONG))
    guard.configuration["receivers"] = chats.receivers(guard, *CHATS)
    guard.start()
    guard.announce("r1", version="<!channel> & [v2](http://evil) @everyone")
    for kind in CHATS:
        wait_until(lambda kind=kind: chats.bodies(kind), f"{kind} is told")
    assert "<!channel>" not in json.dumps(chats.bodies("slack"))
    [embed] = chats.bodies("discord")[0]["embeds"]
    assert r"\[v2\]\(http\://evil\) \@everyone" in embed["description"]
    assert chats.bodies("discord")[0]["allowed_mentions"] == {"parse": []}
