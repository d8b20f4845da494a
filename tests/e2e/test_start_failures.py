# SPDX-License-Identifier: Apache-2.0
"""A guard that could not do its work does not start: it says where, what and what to do, and exits 1."""

import re
import subprocess

import pytest
import yaml

from shop import E2E, ERRORS, group
from stack import Prometheus
from stack.guard import BINARY

RULES = {"groups": [group(E2E)]}


@pytest.fixture
def folder(tmp_path):
    """A folder with a hook and rules that are right, and unlike pytest's own names one that is easy to read."""
    hook = tmp_path / "undo.sh"
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    (tmp_path / "rules.yml").write_text(yaml.safe_dump(RULES, sort_keys=False))
    return tmp_path


def configuration(hook=None, **more):
    return {"rule_files": ["rules.yml"], "hooks": [hook or command("./undo.sh")], **more}


def command(program):
    return {"name": "undo", "command": {"argv": [program]}}


def serve(folder, configuration, **flags):
    """What `serve` prints on standard error; it must end by itself with 1. A flag is given as web_listen_address."""
    text = configuration if isinstance(configuration, str) else yaml.safe_dump(configuration, sort_keys=False)
    (folder / "release-guard.yml").write_text(text)
    given = {"web_listen_address": "127.0.0.1:0", **flags}
    arguments = [f"--{name.replace('_', '.', 1).replace('_', '-')}={value}" for name, value in given.items()]
    ended = subprocess.run([BINARY, "serve", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                           text=True, timeout=30, check=False)
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.endswith("release-guard: not started\n")
    return ended.stderr


def check(folder):
    return subprocess.run([BINARY, "check", "--config.file=release-guard.yml"], cwd=folder, capture_output=True,
                          text=True, timeout=30, check=False)


def test_all_errors_of_all_files_are_listed_with_their_places(folder):
    (folder / "rules.yml").write_text("""\
groups:
  - name: shop
    match: ['service="shop"']
    window: 1.5h
    rollback: { hook: undo, mode: enforce }
    rules:
      - slo: errors
        expr: sum(rate(errors[5m])
        objective: "< 1%"
        on_nodata: hold
""")
    said = serve(folder, "rule_files: [rules.yml]\nhooks: []\ntokens:\n  - { name: a, role: reader, token_file: no }\n")
    for place in ("rules.yml:4:13: ", "rules.yml:8:", "rules.yml:10:9: ", "release-guard.yml:4:"):
        assert place in said, said
    assert "did you mean `on_no_data`?" in said


def test_check_says_the_same_as_serve(folder):
    (folder / "rules.yml").write_text("groups: [{ name: shop }]\n")
    said = serve(folder, configuration())
    checked = check(folder)
    assert checked.returncode == 1
    findings = [line for line in checked.stdout.splitlines() if ": error: " in line or line.startswith("rules.yml")]
    assert findings
    assert all(line in said for line in findings), said


@pytest.mark.parametrize("hook, why", [
    (command("./missing.sh"), "missing.sh does not exist"),
    (command("./rules.yml"), "is not executable; run `chmod +x` on it"),
    (command("undo.sh"), '"undo.sh" is not searched for in PATH'),
    ({"name": "undo", "http": {"url": "ftp://deploy/rollback"}}, "ftp"),
    ({"name": "undo", "http": {"url": "http://"}}, "http://"),
])
def test_a_hook_that_cannot_be_called(folder, hook, why):
    assert why in serve(folder, configuration(hook))


@pytest.mark.parametrize("token, why", [(None, "No such file"), ("short", "16"), ("", "empty")])
def test_a_token_that_cannot_be_used(folder, token, why):
    if token is not None:
        (folder / "token").write_text(token)
        (folder / "token").chmod(0o600)
    said = serve(folder, configuration(tokens=[{"name": "a", "role": "read", "token_file": "token"}]))
    assert "token_file" in said
    assert why in said


def test_without_tokens_only_this_machine_is_listened_to(folder):
    said = serve(folder, configuration(), web_listen_address="0.0.0.0:0")
    assert "configure tokens, or listen on 127.0.0.1" in said


def test_a_storage_folder_that_cannot_be_made(folder):
    assert "storage folder cannot be made" in serve(folder, configuration(), storage_path="rules.yml/data")


def test_a_configuration_file_that_is_not_there(folder):
    assert "gone.yml" in serve(folder, configuration(), config_file="gone.yml")


def test_fault_4_an_expression_that_prometheus_refuses(folder, stack):
    prometheus = stack.add(Prometheus(stack.directory))
    wrong = {**ERRORS, "slo": "wrong", "expr": "sum(rate(errors))"}
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [group(ERRORS, wrong)]}, sort_keys=False))
    said = serve(folder, configuration(prometheus={"url": prometheus.url}))
    assert re.search(r'^rules.yml:\d+:\d+: rule "wrong": Prometheus refuses the expression: .*expected type range vector'
                     r'.*\n +expr: sum\(rate\(errors\)\)\n +\^\n', said, re.MULTILINE), said
    assert 'rule "errors"' not in said
    checked = check(folder)
    assert checked.returncode == 1
    assert checked.stdout == said.replace("release-guard: not started", "1 error")


def test_check_succeeds_without_prometheus_and_says_that_it_was_not_asked(folder):
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [group(ERRORS)]}, sort_keys=False))
    (folder / "release-guard.yml").write_text(yaml.safe_dump(configuration(prometheus={"url": "http://127.0.0.1:1"})))
    checked = check(folder)
    assert checked.returncode == 0, checked.stdout
    assert "ok: 1 group, 1 rule, 1 hook" in checked.stdout
    assert checked.stderr.startswith("release-guard: no server has parsed the PromQL: ")
    assert "127.0.0.1:1" in checked.stderr
    assert checked.stderr.count("\n") == 1


def test_a_limit_of_descriptors_that_is_too_low_is_told_at_start(folder):
    (folder / "release-guard.yml").write_text(yaml.safe_dump(configuration(), sort_keys=False))
    ended = subprocess.run(["prlimit", "--nofile=40", BINARY, "serve", "--web.listen-address=127.0.0.1:0"], cwd=folder,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "only 40 files and sockets may be open at once, and the guard needs 1024: raise the limit (`ulimit -n`, "
        "LimitNOFILE= of systemd)\n"), ended.stderr
