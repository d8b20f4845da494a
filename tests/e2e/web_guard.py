# SPDX-License-Identifier: Apache-2.0
"""A small guard whose releases do what a test of the page needs, and a browser that is signed in to it."""

import json

import yaml

from stack import Guard, Prometheus, post_json

# Every service has a group of its own; what it measures is a constant, so that each release ends as it must.
HEALTHY, BROKEN = "vector(0.002)", "vector(0.2)"
TOKENS = {"operator": "operate", "reader": "read", "pipeline": "deploy"}
HOSTILE = "<img src=x onerror=alert(1)>\"'&evil"
HOOK = """#!/bin/sh
echo "switching <b>back</b> to $1"
"""


def group(service, expr, mode="enforce", window="10m"):
    return {"name": f"of {service[:8]}", "match": [f"service={json.dumps(service, ensure_ascii=False)}"], "window": window,
            "rollback": {"hook": "switch_back", "mode": mode, "verify": "5m"},
            "rules": [{"slo": "error_rate", "expr": expr, "objective": "< 1%", "preexisting": "rollback"},
                      {"slo": "tests", "signal": "tests", "objective": "succeeded", "action": "warn"}]}


def start_guard(stack, tokens=True):
    prometheus = stack.add(Prometheus(stack.directory))
    guard = stack.adopt(Guard(stack.directory, {}, token="operator-has-this-token" if tokens else None))
    rules = {"defaults": {"interval": "1s", "settle": "0s", "for": "1s", "on_no_data": "hold", "on_error": "hold"},
             "groups": [group("shop", HEALTHY), group("broken", BROKEN), group("asking", BROKEN, "ask"),
                        group("quick", HEALTHY, window="2s"),
                        group(HOSTILE, HEALTHY)]}
    (guard.directory / "rules.yml").write_text(yaml.safe_dump(rules))
    hook = guard.directory / "switch_back.sh"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    guard.configuration = {
        "prometheus": {"url": prometheus.url}, "rule_files": ["rules.yml"],
        "hooks": [{"name": "switch_back", "command": {"argv": ["./switch_back.sh", "{{ previous_version }}"], "dir": "."}}]}
    if tokens:
        guard.configuration["tokens"] = [
            {"name": name, "role": role, "token_file": str(guard.write_token(f"{name}.token", f"{name}-has-this-token"))}
            for name, role in TOKENS.items()]
    return guard.start()


def announce(guard, service, release="r1", version="v2", **more):
    post_json(f"{guard.url}/api/v1/releases", {"id": release, "service": service, "environment": "production",
                                               "version": version, "previous_version": "v1", **more}, guard.token)


def offer_token(browser, address, token):
    browser.open(address)
    browser.sees("Sign in", "h1")
    browser.type("#token", token)
    browser.press("Enter")


def sign_in(browser, guard, name="operator", path="/"):
    offer_token(browser, guard.url + path, f"{name}-has-this-token")
    browser.sees("Live", "header")
    # The page asked who visits before it knew: that is how it learns that a token is needed.
    assert [words for words in browser.complaints() if "401" not in words] == []


def opened(browser, guard, release="r1", name="operator"):
    sign_in(browser, guard, name, f"/#/releases/{release}")
    browser.sees("What happens next")
