# SPDX-License-Identifier: Apache-2.0
"""The shipped routes on a real Alertmanager: what reaches the guard, how soon, with which credentials."""

import json

import pytest

from stack import Alertmanager, Recorder, wait_until
from stack.alertmanager import shipped_configuration


@pytest.fixture
def guard():
    with Recorder() as recorder:
        yield recorder


@pytest.fixture
def alertmanager(stack, guard, tmp_path):
    token = tmp_path / "token"
    token.write_text("the-token-of-alertmanager")
    configuration = shipped_configuration(f"{guard.url}/api/v1/alertmanager", token)
    return stack.add(Alertmanager(stack.directory, configuration))


def statuses(guard, alertname):
    """The statuses this alert was reported with, in order."""
    messages = [json.loads(received.body) for received in guard.received]
    return [alert["status"] for message in messages for alert in message["alerts"]
            if alert["labels"]["alertname"] == alertname]


def test_an_alert_reaches_the_guard_at_once_with_its_token(alertmanager, guard):
    alertmanager.post({"labels": {"alertname": "HighErrorRate", "service": "meme-maker"}})
    wait_until(lambda: guard.received, "the guard hears of the alert", 3)
    received = guard.received[0]
    assert received.path == "/api/v1/alertmanager"
    assert received.headers["Authorization"] == "Bearer the-token-of-alertmanager"
    assert json.loads(received.body)["version"] == "4"


def test_a_second_alert_of_the_same_name_does_not_wait_for_the_first_ones_group(alertmanager, guard):
    alertmanager.post({"labels": {"alertname": "HighErrorRate", "service": "one"}})
    wait_until(lambda: len(guard.received) == 1, "the first alert arrives", 3)
    alertmanager.post({"labels": {"alertname": "HighErrorRate", "service": "two"}})
    wait_until(lambda: statuses(guard, "HighErrorRate").count("firing") >= 2, "the second alert arrives", 3)
    assert len({json.loads(received.body)["groupKey"] for received in guard.received}) == 2


def test_the_end_of_an_alert_is_told(alertmanager, guard):
    labels = {"alertname": "HighErrorRate"}
    alertmanager.post({"labels": labels})
    wait_until(lambda: "firing" in statuses(guard, "HighErrorRate"), "the alert arrives", 3)
    alertmanager.post({"labels": labels, "endsAt": "2020-01-01T00:00:00Z"})
    wait_until(lambda: "resolved" in statuses(guard, "HighErrorRate"), "its end arrives", 10)


def test_the_heartbeat_is_repeated(alertmanager, guard):
    alertmanager.post({"labels": {"alertname": "Watchdog"}})
    wait_until(lambda: statuses(guard, "Watchdog").count("firing") >= 3, "three heartbeats", 20)
