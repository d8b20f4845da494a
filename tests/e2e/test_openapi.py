# SPDX-License-Identifier: Apache-2.0
"""openapi.yaml against a guard at work: whatever it answers is written there, and has the shape that is written.

That the file holds exactly the guard's routes, roles and names is tests/api/openapi_test.cpp.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from stack import Guard, Prometheus, wait_until

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((ROOT / "guard/api/openapi.yaml").read_text())
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}

RULES = """
defaults: { window: 2m, settle: 2s, interval: 1s, on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"']
    rollback: { hook: switch_back, mode: enforce, verify: 30s }
    rules:
      - { slo: error_rate, expr: vector(0.002), objective: "< 1%", annotations: { summary: "{{ value }}" } }
      - { slo: gone, expr: absent(vector(1)), objective: "< 1%", action: warn }
      - { slo: traffic, expr: vector(5), objective: ">= 50% of baseline", baseline: { over: 1m }, action: warn }
      - { slo: alerts, alerts: ['service="shop"'], objective: none firing, action: warn }
      - { slo: e2e, signal: e2e, objective: succeeded }
"""
# Asks for another try first, so that a decision has two attempts.
HOOK = """#!/bin/sh
echo "switching <back> to $1"
[ -e tried ] || { touch tried; exit 75; }
"""
RELEASE = {"id": "r1", "service": "shop", "environment": "production", "version": "v2", "previous_version": "v1",
           "labels": {"team": "web"}}


def example_of(path, method):
    return DOCUMENT["paths"][path][method]["requestBody"]["content"]["application/json"]["example"]


def secret_of(token):
    return f"the-secret-of-{token}"


def escaped(segment):
    return segment.replace("~", "~0").replace("/", "~1")


def resolved(node):
    return lookup(node["$ref"]) if "$ref" in node else node


def lookup(reference):
    assert reference.startswith("#/"), reference
    node = DOCUMENT
    for segment in reference[2:].split("/"):
        node = node[segment.replace("~1", "/").replace("~0", "~")]
    return node


def operations():
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS & item.keys():
            yield path, method, item[method]


def validate(checks):
    """checks: (name, pointer to a schema, value). All complaints, each with its name."""
    job = {"document": DOCUMENT, "checks": [{"schema": pointer, "value": value} for _, pointer, value in checks]}
    done = subprocess.run(["node", ROOT / "tests/npm/validate.mjs"], input=json.dumps(job), capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return [f"{name}: {complaint}" for (name, _, value), complaints in zip(checks, json.loads(done.stdout))
            for complaint in complaints]


def pointer_of(path, method, status, media):
    response = DOCUMENT["paths"][path][method]["responses"][status]
    base = response.get("$ref") or f"#/paths/{escaped(path)}/{method}/responses/{status}"
    return f"{base}/content/{escaped(media)}/schema"


class Recording:
    """Calls the guard and keeps each answer with the operation it belongs to."""

    def __init__(self, guard):
        self.guard = guard
        self.answers = []

    def call(self, method, path, body=None, token="operator", headers=None):
        payload = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {**({"Content-Type": "application/json"} if payload else {}), **(headers or {})}
        if token:
            headers["Authorization"] = f"Bearer {secret_of(token)}"
        self.guard.token = None
        answer = self.guard.call(method, path, payload, headers)
        self.answers.append((pattern_of(path), method.lower(), answer))
        return answer

    def status(self, *arguments, **named):
        return self.call(*arguments, **named).status

    def checks(self):
        """What validate() takes; an answer whose status or media type is not written fails here."""
        for path, method, answer in self.answers:
            name = f"{method} {path} {answer.status}"
            described = DOCUMENT["paths"][path][method]["responses"]
            assert str(answer.status) in described, f"{name} is not written"
            media = answer.headers["Content-Type"].split(";")[0]
            assert media in resolved(described[str(answer.status)])["content"], f"{name} is not written as {media}"
            value = answer.json() if media == "application/json" else answer.text
            yield name, pointer_of(path, method, str(answer.status), media), value


def pattern_of(path):
    path = path.split("?")[0]
    for pattern in DOCUMENT["paths"]:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return pattern
    raise AssertionError(f"{path} is not written")


@pytest.fixture
def recording(stack):
    prometheus = stack.add(Prometheus(stack.directory))
    guard = stack.adopt(Guard(stack.directory, None))
    hook = guard.directory / "switch_back.sh"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    (guard.directory / "rules.yml").write_text(RULES)
    guard.configuration = {
        "prometheus": {"url": prometheus.url}, "rule_files": ["rules.yml"],
        "hooks": [{"name": "switch_back", "backoff": "1s",
                   "command": {"argv": ["./switch_back.sh", "{{ previous_version }}"], "dir": ".", "timeout": "10s"}}],
        "tokens": [{"name": name, "role": role, "token_file": str(guard.write_token(name, secret_of(name)))}
                   for name, role in (("operator", "operate"), ("reader", "read"), ("alertmanager", "alerts"))],
        "freezes": [{"match": ['version="frozen"'], "from": "2020-01-01T00:00:00Z", "until": "2200-01-01T00:00:00Z",
                     "reason": "a holiday"}]}
    guard.start()
    return Recording(guard)


def test_whatever_a_guard_answers_is_written(recording):
    call, status = recording.call, recording.status
    notification = example_of("/api/v1/alertmanager", "post")
    assert status("POST", "/api/v1/releases", RELEASE) == 201
    assert status("POST", "/api/v1/releases", RELEASE) == 200
    assert status("POST", "/api/v1/releases", {**RELEASE, "version": "v3"}) == 409
    assert status("POST", "/api/v1/releases", {**RELEASE, "id": "r2", "version": "frozen"}) == 423
    assert status("POST", "/api/v1/releases", {**RELEASE, "id": "r2", "service": "other"}) == 404
    assert status("POST", "/api/v1/releases", {"servise": "shop"}) == 400
    assert status("POST", "/api/v1/releases", b"x", headers={"Content-Encoding": "gzip"}) == 415
    assert status("POST", "/api/v1/releases", b" " * (1 << 20) + b" ") == 413
    assert status("POST", "/api/v1/releases", RELEASE, token=None) == 401
    assert status("POST", "/api/v1/releases", RELEASE, token="reader") == 403
    assert status("GET", "/api/v1/releases/none") == 404
    assert status("GET", "/api/v1/releases/r1", headers={"X-Long": "x" * 9000}) == 431
    assert status("POST", "/api/v1/alertmanager", notification, token="alertmanager") == 200
    assert status("POST", "/api/v1/alertmanager", {"version": "3"}, token="alertmanager") == 400
    assert status("POST", "/api/v1/alertmanager", notification, token="reader") == 401

    event = {"specversion": "1.0", "id": "1", "source": "/deployer", "type": "dev.cdevents.service.deployed.0.2.0",
             "data": example_of("/api/v1/events", "post")}
    structured = {"Content-Type": "application/cloudevents+json"}
    assert status("POST", "/api/v1/events", event, headers=structured) == 200, "no group matches"
    event["data"]["subject"] |= {"id": "service/shop", "content": {"environment": {"id": "test"}, "artifactId": "v2"}}
    assert status("POST", "/api/v1/events", event, headers=structured) == 201
    assert status("POST", "/api/v1/events", event, headers=structured) == 200
    assert status("POST", "/api/v1/events", event) == 400
    assert status("POST", "/api/v1/events", b"<a/>", headers={"Content-Type": "text/xml"}) == 415
    event["data"]["subject"]["content"]["artifactId"] = "frozen"
    assert status("POST", "/api/v1/events", {**event, "id": "2"}, headers=structured) == 423
    assert status("POST", "/api/v1/events", {"zen": ""}, token=None, headers={"X-GitHub-Event": "ping"}) == 401
    assert status("POST", "/api/v1/events", event, token="reader", headers=structured) == 403

    deploying = {**RELEASE, "id": "r0", "environment": "staging", "phase": "deploying"}
    assert status("POST", "/api/v1/releases", deploying) == 201
    assert status("GET", "/api/v1/releases/r0") == 200
    assert status("POST", "/api/v1/releases/r0/live", {"live_at": "soon"}) == 400
    assert status("POST", "/api/v1/releases/r0/live") == 200
    assert status("POST", "/api/v1/releases/r0/pause", {"reason": "a load test"}) == 200
    assert status("POST", "/api/v1/releases/r0/pause") == 409
    assert status("POST", "/api/v1/releases/r0/resume") == 200
    assert status("POST", "/api/v1/releases/r0/approve") == 409
    assert status("POST", "/api/v1/releases/r0/abort", {"reason": "we roll forward"}) == 200
    assert status("POST", "/api/v1/releases/none/rollback") == 404

    wait_until(lambda: all(rule["read_at"] for rule in call("GET", "/api/v1/releases/r1").json()["rules"]),
               "every rule is read")
    assert status("POST", "/api/v1/releases/r1/signal", {"name": "none", "status": "failed"}) == 400
    assert status("POST", "/api/v1/releases/r1/signal", {"name": "e2e", "status": "failed", "detail": "2 of 41"}) == 200
    release = wait_until(lambda: verified(call("GET", "/api/v1/releases/r1").json()), "the rollback was called twice")
    assert release["decisions"][0]["attempts"][0]["output"] == "switching <back> to v1\n"
    assert release["timeline"]
    assert status("GET", "/api/v1/releases?service=shop&limit=5") == 200
    assert status("GET", "/api/v1/releases?colour=red") == 400
    assert status("GET", "/api/v1/releases/r1/series?slo=traffic", token="reader") == 200
    assert status("GET", "/api/v1/releases/r1/series?slo=none") == 404
    assert status("GET", "/api/v1/releases/r1/series?slo=e2e&query=up") == 400
    assert status("POST", "/api/v1/releases/r1/what-if", {"slo": "traffic", "objective": "> 9"}, token="reader") == 200
    assert status("POST", "/api/v1/releases/r1/what-if", {"slo": "error_rate", "objective": "< 0.1%", "for": "1s"}) == 200
    assert status("POST", "/api/v1/releases/r1/what-if", {"slo": "e2e", "objective": "< 1%"}) == 400
    assert status("POST", "/api/v1/releases/r1/what-if", {"slo": "none", "objective": "< 1%"}) == 404
    assert call("GET", "/api/v1/rules/text?group=shop", token="reader").json()["text"] == RULES
    assert status("GET", "/api/v1/rules/text?group=none") == 400
    assert call("POST", "/api/v1/rules/check", {"text": RULES}).json()["ok"]
    assert not call("POST", "/api/v1/rules/check", {"text": "groups: 3", "file": "my.yml"}).json()["ok"]
    assert status("POST", "/api/v1/rules/series", {"text": RULES, "line": 8}) == 200
    assert status("POST", "/api/v1/rules/series", {"text": RULES, "line": 1}) == 400
    assert status("GET", "/api/v1/whoami", token="reader") == 200
    assert status("GET", "/assets/none", token=None) == 404
    for kind in ("json", "md", "html", "pdf"):
        assert status("GET", f"/api/v1/releases/r1/report?format={kind}") == (400 if kind == "pdf" else 200)

    for kind in ("json", "md", "html", "text", "pdf"):
        assert status("GET", f"/api/v1/report?since=1h&format={kind}", token="reader") == (400 if kind == "pdf" else 200)
    assert status("GET", "/api/v1/figures?since=30d&service=shop&environment=production", token="reader") == 200
    assert status("GET", "/api/v1/figures?since=soon", token="reader") == 400

    assert status("GET", "/api/v1/gate?service=shop&environment=production", token="reader") == 200
    assert status("GET", "/api/v1/gate?service=shop", token="reader") == 400
    freeze = {"id": "f1", "match": ['version="v9"'], "until": "2200-01-01T00:00:00Z", "reason": "the sale"}
    assert status("POST", "/api/v1/freezes", freeze) == 201
    assert status("POST", "/api/v1/freezes", freeze) == 200
    assert status("POST", "/api/v1/freezes", {**freeze, "reason": "another"}) == 409
    assert status("POST", "/api/v1/freezes", {**freeze, "match": []}) == 400
    assert status("POST", "/api/v1/freezes", freeze, token="reader") == 403
    assert status("GET", "/api/v1/freezes", token="reader") == 200
    assert status("GET", "/api/v1/in_force", token="reader") == 200
    assert status("POST", "/api/v1/freezes/f1/end", {"reason": "sold out"}) == 200
    assert status("POST", "/api/v1/freezes/f1/end") == 409
    assert status("POST", "/api/v1/freezes/none/end") == 404

    for path in ("status/buildinfo", "status/flags", "status/runtimeinfo", "rules", "openapi.yaml"):
        assert status("GET", f"/api/v1/{path}", token="reader") == 200
    assert status("GET", "/api/v1/rules?rule_group%5B%5D=shop&exclude_alerts=true", token="reader") == 200
    assert status("GET", "/api/v1/rules?type=other", token="reader") == 400
    assert status("GET", "/api/v1/status/config", token="reader") == 403
    assert status("GET", "/api/v1/status/config") == 200

    for path in ("/-/healthy", "/-/ready", "/"):
        assert status("GET", path, token=None) == 200
    assert status("GET", "/metrics", token="reader") == 200
    opened = call("GET", "/metrics", token="reader", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert opened.text.endswith("# EOF\n")
    assert status("POST", "/-/reload") == 200
    (recording.guard.directory / "rules.yml").write_text("groups: 3")
    assert status("PUT", "/-/reload") == 500
    assert [status("GET", "/metrics", token="guess") for _ in range(40)][-1] == 429

    assert validate(list(recording.checks())) == []


def verified(release):
    decisions = release["decisions"]
    confirmed = bool(decisions) and decisions[0]["state"] == "confirmed"
    return release if confirmed and len(decisions[0]["attempts"]) == 2 else None


def test_every_example_has_the_shape_beside_it():
    checks = []

    def walk(node, pointer):
        if isinstance(node, dict):
            if "schema" in node:
                examples = [node["example"]] if "example" in node else []
                examples += [example["value"] for example in node.get("examples", {}).values()]
                checks.extend((pointer, f"{pointer}/schema", example) for example in examples)
            for key, child in node.items():
                walk(child, f"{pointer}/{escaped(str(key))}")
        elif isinstance(node, list):
            for number, child in enumerate(node):
                walk(child, f"{pointer}/{number}")

    walk(DOCUMENT["paths"], "#/paths")
    walk(DOCUMENT["components"], "#/components")
    assert len(checks) > 20
    assert validate(checks) == []


def test_a_wrong_value_is_found():
    assert validate([("bad", "#/components/schemas/Intake", {"received": -1, "other": 1})]) != []


def test_every_reference_leads_somewhere_and_every_component_is_used():
    text = json.dumps(DOCUMENT)
    used = set(re.findall(r'"\$ref": "([^"]+)"', text))
    for reference in used:
        lookup(reference)
    written = {f"#/components/{kind}/{name}" for kind, entries in DOCUMENT["components"].items() for name in entries
               if kind != "securitySchemes"}
    assert written == used


def test_every_operation_is_told_apart_and_explained():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for path, method, operation in operations():
        assert operation["summary"] and set(operation["tags"]) <= tags, f"{method} {path}"
        parameters = [resolved(parameter) for parameter in operation.get("parameters", [])]
        in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path)), f"{method} {path}"
        for status, response in operation["responses"].items():
            assert resolved(response)["description"], f"{method} {path} {status}"
