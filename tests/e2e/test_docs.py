# SPDX-License-Identifier: Apache-2.0
"""The documents are true: links lead somewhere, examples are accepted, alerts have a place in the runbook.
test_hook_examples.py runs the scripts of hooks.md.
"""

import json
import re
import subprocess

import pytest
import yaml

from stack import Guard, HookReceiver, Recorder, get_json, post_json, wait_until
from stack.guard import BINARY
from stack.server import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
RUNBOOK = ROOT / "docs" / "runbook.md"
PUSHED = yaml.safe_load((ROOT / "alertmanager" / "pushed-alerts.yml").read_text())
PROMETHEUS = yaml.safe_load((ROOT / "alertmanager" / "release-guard-alerts.yml").read_text())
HOOK_RULES = """
defaults: {{ window: 1m, settle: 0s, on_no_data: hold, on_error: hold }}
groups:
  - name: test
    match: ['service="shop"']
    interval: 1s
    rollback: {{ hook: {hook}, mode: enforce, verify: 1s, cooldown: 0s }}
    rules:
      - {{ slo: e2e, signal: e2e, objective: succeeded }}
"""


def blocks(document, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", document.read_text(), re.MULTILINE | re.DOTALL)


def anchors(document):
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]|\]\(.*?\)", "", heading)).strip().lower().replace(" ", "-")
            for heading in headings}


def all_blocks(language, beginning=""):
    return [pytest.param(text, id=f"{document.name}-{number}") for document in DOCUMENTS if document.parent.name == "docs"
            for number, text in enumerate(blocks(document, language)) if text.startswith(beginning)]


@pytest.mark.parametrize("text", all_blocks("yaml", "# .github/workflows/"))
def test_a_workflow_is_whole(text):
    workflow = yaml.safe_load(text)
    assert workflow.get("on", workflow.get(True)), "it says when it runs"   # `on` is a truth of YAML
    assert workflow["jobs"]
    for name, job in workflow["jobs"].items():
        assert job["runs-on"] and job["steps"], name
        for step in job["steps"]:
            assert "uses" in step or "run" in step, (name, step)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


def test_every_alert_has_a_place_in_the_runbook():
    known = anchors(RUNBOOK)
    for alert in PUSHED:
        assert alert["alertname"].lower() in known
    for rule in (rule for group in PROMETHEUS["groups"] for rule in group["rules"]):
        path, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        assert path.endswith("docs/runbook.md") and anchor in known, rule["alert"]


def test_the_runbook_knows_every_phase():
    shown = set(re.findall(r"^\| ([a-z_, ]+) \|", RUNBOOK.read_text(), re.MULTILINE))
    named = {phase for row in shown for phase in row.split(", ")}
    moves = (ROOT / "ARCHITECTURE.md").read_text().partition("<!-- transitions -->")[2].partition("<!-- /transitions -->")[0]
    table = re.findall(r"^\| (\w+) \| \w+ \| (\w+) \|$", moves, re.MULTILINE)
    assert {phase for row in table for phase in row} - {"from", "to"} <= named


@pytest.mark.parametrize("text", all_blocks("sh"))
def test_shell_examples_are_well_formed(text):
    done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, timeout=10, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("text", all_blocks("json"))
def test_json_examples_are_well_formed(text):
    json.loads(text)


@pytest.mark.parametrize("text", all_blocks("yaml", "# rules"))
def test_rule_files_pass_the_check(text, tmp_path):
    (tmp_path / "rules.yml").write_text(text)
    done = subprocess.run([BINARY, "check", "rules.yml"], cwd=tmp_path, text=True, capture_output=True, timeout=30,
                          check=False)
    assert done.returncode == 0, done.stdout
    assert "warning" not in done.stdout


@pytest.mark.parametrize("text", all_blocks("yaml", "# hooks"))
def test_hooks_pass_the_check(text, tmp_path):
    """Programs that this machine does not have are stood for by one that it has."""
    configuration = yaml.safe_load(text)
    for hook in configuration["hooks"]:
        if "command" in hook:
            hook["command"]["argv"][0] = "/bin/true"
        (tmp_path / "rules.yml").write_text(HOOK_RULES.format(hook=hook["name"]))
    (tmp_path / "hook.secret").write_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n")
    (tmp_path / "guard.yml").write_text(yaml.safe_dump({"rule_files": ["rules.yml"], **configuration}))
    done = subprocess.run([BINARY, "check", "--config.file=guard.yml"], cwd=tmp_path, text=True, capture_output=True,
                          timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_an_http_hook_is_sent_what_the_document_shows(stack):
    shown = next(body for text in blocks(ROOT / "docs" / "hooks.md", "json") if "type" in (body := json.loads(text)))
    with Recorder() as recorder:
        guard = stack.adopt(Guard(stack.directory, {
            "rule_files": ["rules.yml"], "hooks": [{"name": "undo", "http": {"url": f"{recorder.url}/undo"}}]}))
        (guard.directory / "rules.yml").write_text(HOOK_RULES.format(hook="undo"))
        guard.start()
        post_json(f"{guard.url}/api/v1/releases", {"service": "shop", "environment": "production", "version": "v2",
                                                   "previous_version": "v1", "id": "r1"})
        post_json(f"{guard.url}/api/v1/releases/r1/signal", {"name": "e2e", "status": "failed"})
        call = wait_until(lambda: recorder.received and recorder.received[0], "the hook is called")
    sent = json.loads(call.body)
    assert set(sent) == set(shown)
    assert {name: type(value) for name, value in sent.items()} == {name: type(value) for name, value in shown.items()}
    assert json.loads(call.headers["Idempotency-Key"]) == sent["key"] == shown["key"]


def test_the_receiver_takes_the_configuration_that_is_shown(stack):
    shown = next(body for text in blocks(ROOT / "docs" / "hooks.md", "json") if "listen" in (body := json.loads(text)))
    receiver = stack.add(HookReceiver(stack.directory, shown["hooks"]))
    assert set(shown) == {"listen", "secret_file", "state", "hooks"}
    assert get_json(f"{receiver.url}/healthy") == {"hooks": ["promote_to_prod"]}
