# SPDX-License-Identifier: Apache-2.0
"""Deployments that other systems tell of, as public packages send them: CDEvents by `cloudevents`, GitHub's webhook."""

import json
import re
import subprocess

import pytest
import yaml

from shop import E2E, ShopGuard, group
from stack import get_json
from stack.server import ROOT

DOCUMENT = (ROOT / "docs" / "pipelines.md").read_text()
SECRET = "the secret of the webhook of GitHub"
TOKENS = {"pipeline": "deploy", "reader": "read"}


def token_of(name):
    return f"the-token-of-{name}"


def messages(*wanted):
    done = subprocess.run(["node", ROOT / "tests/npm/events.mjs"], input=json.dumps(wanted), capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def cdevent(number, version, kind="deployed", mode="structured", at="2026-01-31T12:00:00Z"):
    """A CDEvent of version 0.4 in a CloudEvent, as cloudevents-binding.md says."""
    context = {"version": "0.4.1", "id": f"event-{number}", "source": "/deployer/blue", "timestamp": at,
               "type": f"dev.cdevents.service.{kind}.0.2.0"}
    subject = {"id": "service/shop", "source": context["source"], "type": "service",
               "content": {"environment": {"id": "cluster-7"}, "artifactId": f"pkg:oci/shop@sha256%3A0b31?tag={version}"}}
    event = {"specversion": "1.0", "id": context["id"], "source": context["source"], "type": context["type"], "time": at,
             "subject": subject["id"], "datacontenttype": "application/json",
             "data": {"context": context, "subject": subject}}
    return {"mode": mode, "event": event}


def deployment(number, state, ref="v2", at="2026-01-31T12:00:00Z", event="deployment_status", **payload):
    """The parts of GitHub's webhook that say something, with some of those that do not."""
    return {"github": event, "secret": SECRET, "payload": {
        "action": "created",
        "deployment_status": {"id": 9, "state": state, "creator": {"login": "octo[bot]"}, "description": "", "environment": "",
                              "log_url": "https://github.com/acme/shop/actions/runs/7/job/1", "created_at": at},
        "deployment": {"id": number, "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", "ref": ref, "task": "deploy",
                       "payload": payload, "environment": "production", "description": None},
        "repository": {"id": 1, "name": "shop", "full_name": "acme/shop", "default_branch": "main", "private": True},
        "sender": {"login": "octo[bot]"}}}


@pytest.fixture
def guard(stack):
    guard = ShopGuard(stack, group(E2E, match=('service="shop"', 'environment="production"'), window="20s"),
                      events={"environments": {"cluster-7": "production"}, "github": {"secret_file": "github.secret"}})
    guard.write_token("github.secret", SECRET)
    guard.configuration["tokens"] = [
        {"name": name, "role": role, "token_file": str(guard.write_token(name, token_of(name)))}
        for name, role in TOKENS.items()]
    guard.token = token_of("reader")
    return guard.start()


def send(guard, message, token=token_of("pipeline")):
    guard.token = token
    try:
        return guard.call("POST", "/api/v1/events", message["body"].encode(), message["headers"])
    finally:
        guard.token = token_of("reader")


def now(guard):
    """As the guard's own clock has it, in whole seconds as GitHub writes them."""
    return re.sub(r"\.\d+", "", get_json(f"{guard.url}/api/v1/in_force", guard.token)["asked_at"])


def releases(guard):
    return {release["id"]: release for release in get_json(f"{guard.url}/api/v1/releases", guard.token)["releases"]}


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_a_cdevent_announces_a_release_once(guard, mode):
    first, again, upgraded, other = messages(
        cdevent(1, "v1", mode=mode, at=now(guard)), cdevent(1, "v1", mode=mode, at=now(guard)),
        cdevent(2, "v2", kind="upgraded", mode=mode, at=now(guard)), cdevent(3, "v3", kind="removed", mode=mode))
    announced = send(guard, first)
    assert announced.status == 201, announced.text
    assert announced.json()["result"] == "announced"
    assert [send(guard, again).json()["result"] for _ in range(2)] == ["unchanged", "unchanged"]
    assert send(guard, upgraded).status == 201
    assert send(guard, other).json()["result"] == "ignored"
    known = releases(guard)
    assert len(known) == 2
    second = known[send(guard, upgraded).json()["release"]]
    assert (second["service"], second["environment"]) == ("shop", "production")
    assert (second["version"], second["previous_version"]) == ("v2", "v1")
    assert second["labels"] == {"artifact": "pkg:oci/shop@sha256%3A0b31?tag=v2"}
    assert known[announced.json()["release"]]["phase"] == "superseded"


def test_a_deployment_of_github_is_followed_to_its_end(guard):
    begun, live, late, failed, ping, push = messages(
        deployment(77, "in_progress", at=now(guard)), deployment(77, "success", at=now(guard)),
        deployment(77, "in_progress"), deployment(77, "failure"), deployment(1, "", event="ping"),
        deployment(1, "", event="push"))
    assert send(guard, ping, None).status == 200
    assert send(guard, push, None).json()["result"] == "ignored"
    assert send(guard, begun, None).status == 201
    assert guard.release("github:shop:77")["phase"] == "deploying"
    assert send(guard, live, None).json()["result"] == "live"
    release = guard.release("github:shop:77")
    assert release["phase"] in ("settling", "watching")
    assert release["labels"]["run"] == "https://github.com/acme/shop/actions/runs/7/job/1"
    assert "announced by GitHub for octo[bot]" in release["timeline"][0]["message"]
    for message in (begun, live, late, failed):
        assert send(guard, message, None).json()["result"] == "unchanged"
    assert list(releases(guard)) == ["github:shop:77"]


def test_a_deployment_that_fails_is_aborted_also_where_it_is_told_in_another_order(guard):
    begun, failed, reordered, late = messages(
        deployment(1, "in_progress", at=now(guard)), deployment(1, "error", at=now(guard)),
        deployment(2, "failure", ref="v3", at=now(guard)), deployment(2, "in_progress", ref="v3", at=now(guard)))
    send(guard, begun, None)
    assert send(guard, failed, None).json()["result"] == "aborted"
    assert send(guard, reordered, None).json()["result"] == "aborted"
    assert send(guard, late, None).json()["result"] == "unchanged"
    assert {release["phase"] for release in releases(guard).values()} == {"aborted"}


def test_what_is_taken_outlives_the_guard(guard):
    (live,) = messages(deployment(77, "success", at=now(guard)))
    assert send(guard, live, None).status == 201
    guard.kill()
    guard.start()
    assert send(guard, live, None).json()["result"] == "unchanged"
    assert list(releases(guard)) == ["github:shop:77"]


def test_a_freeze_refuses_an_event_and_a_branch_is_no_version(guard):
    branch, tag = messages(deployment(1, "success", ref="main", at=now(guard)), deployment(2, "success", at=now(guard)))
    refused = send(guard, branch, None)
    assert refused.status == 400
    assert "set `events.github.version: sha`" in refused.json()["error"]
    guard.configuration["freezes"] = [{"match": ['service="shop"'], "from": "2020-01-01T00:00:00Z",
                                       "until": "2200-01-01T00:00:00Z", "reason": "the sale"}]
    guard.kill()
    guard.start()
    refused = send(guard, tag, None)
    assert refused.status == 423
    assert "the sale" in refused.json()["error"]
    assert releases(guard) == {}


def test_nobody_speaks_for_github_without_its_secret_or_for_a_broker_without_a_token(guard):
    signed, event = messages(deployment(1, "success"), cdevent(1, "v1", mode="binary"))
    forged = {**signed, "headers": {**signed["headers"], "X-Hub-Signature-256": f"sha256={'0' * 64}"}}
    assert send(guard, forged, token_of("pipeline")).status == 401
    assert send(guard, {**signed, "body": signed["body"].replace("v2", "v9")}, None).status == 401
    assert send(guard, event, None).status == 401
    assert send(guard, event, token_of("reader")).status == 403
    assert releases(guard) == {}
    metrics = guard.call("GET", "/metrics").text
    assert 'release_guard_events_received_total{result="denied"} 2' in metrics


def document_block(beginning):
    return next(text for text in re.findall(r"^```\w+\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
                if text.startswith(beginning))


def test_the_document_is_tried_as_pasted(guard, tmp_path):
    """The configuration, and the event that a script sends by curl."""
    events = yaml.safe_load(document_block("# part of release-guard.yml"))["events"]
    guard.configuration["events"] = events
    guard.write_token(events["github"]["secret_file"], SECRET)
    guard.kill()
    guard.start()
    script = document_block("# an event by hand").replace("http://127.0.0.1:8929", guard.url)
    (tmp_path / "pipeline.token").write_text(token_of("pipeline"))
    done = subprocess.run(["bash", "-euc", script], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False,
                          env={"PATH": "/usr/bin:/bin", "VERSION": "v7"})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["result"] == "announced"
    (release,) = releases(guard).values()
    assert (release["service"], release["environment"], release["version"]) == ("shop", "production", "v7")
