# SPDX-License-Identifier: Apache-2.0
"""Every expression that ships is asked by a guard, of a real Prometheus, about real exporters and a real service."""

import re

import pytest
import yaml

from shop import ShopGuard
from stack import Dial, Production, Prometheus, wait_until
from stack.server import ROOT

RULES = {"meme-maker": ("promote_to_prod", {"service": "meme-maker", "environment": "production"}),
         "web-service": ("rollback", {"service": "meme-maker", "environment": "production"}),
         "fastapi": ("rollback", {"service": "meme-maker", "environment": "production"})}
# What needs hours of history, an Alertmanager's heartbeat or the pipeline's word cannot be told in a minute.
UNTOLD = {"traffic", "no_critical_alerts", "no_restart_loop", "e2e"}
CADVISOR = {
    'container_cpu_usage_seconds_total{name="meme-prod-api"}': 7,
    'container_spec_cpu_quota{name="meme-prod-api"}': 50000,
    'container_spec_cpu_period{name="meme-prod-api"}': 100000,
    'container_memory_working_set_bytes{name="meme-prod-api"}': 300,
    'container_spec_memory_limit_bytes{name="meme-prod-api"}': 400,
    'container_cpu_usage_seconds_total{name="meme-prod-worker"}': 7,
    'container_memory_working_set_bytes{name="meme-prod-worker"}': 300,
    'container_spec_memory_limit_bytes{name="meme-prod-worker"}': 0,
    "machine_cpu_cores": 2,
    "machine_memory_bytes": 1000,
}


@pytest.fixture
def prometheus(stack):
    """Scrapes a small production, with the labels that rules/web-service.yml and the job that rules/fastapi.yml asks for."""
    production = Production(stack)
    labels = RULES["web-service"][1]
    with Dial() as cadvisor:
        for series, value in CADVISOR.items():
            cadvisor.set(series, value)
        jobs = {job: [(target[0], {**target[1], **labels}) if isinstance(target, tuple) else (target, labels)
                      for target in targets] for job, targets in production.jobs.items()}
        running = stack.add(Prometheus(stack.directory, {
            **jobs, "meme-maker": jobs["meme-maker-backend"], "cadvisor": [cadvisor.address]}))
        wait_until(lambda: (running.value("sum(rate(http_requests_total[5s]))") or 0) > 10, "the traffic is measured")
        yield running


def read_rules(stack, prometheus, name):
    """The rules of this file, each as the guard tells it once it has data; by its slo."""
    hook, release = RULES[name]
    guard = ShopGuard(stack, prometheus={"url": prometheus.url})
    text = (ROOT / "rules" / f"{name}.yml").read_text()
    (guard.directory / "rules.yml").write_text(re.sub(r"settle: \dm", "settle: 2s", text.replace("interval: 10s", "interval: 1s")))
    guard.configuration["hooks"][0]["name"] = hook
    guard.start()
    guard.watch("r1", **release)

    def read():
        rules = {rule["slo"]: rule for rule in guard.release("r1")["rules"]}
        return rules if {slo for slo, rule in rules.items() if rule["outcome"] in (None, "no_data")} <= UNTOLD else None
    # A rate over five minutes needs some seconds of traffic to get past `only_if`.
    return wait_until(read, "every rule has data")


@pytest.mark.parametrize("name", RULES)
def test_every_rule_can_be_read(stack, prometheus, name):
    rules = read_rules(stack, prometheus, name)
    shipped = yaml.safe_load((ROOT / "rules" / f"{name}.yml").read_text())
    assert len(rules) == sum(len(group["rules"]) for group in shipped["groups"])
    assert {slo: rule["explanation"] for slo, rule in rules.items() if rule["outcome"] == "error"} == {}
    if name == "meme-maker":
        assert rules["memory"]["value"] == 0.75
        assert rules["cpu"]["value"] == 0
    assert rules["error_rate"]["value"] == 0
    # The copy without traffic does not run: what counts is one of them, or the share of them.
    assert rules["instances_up"]["value"] == {"meme-maker": 1, "web-service": 0.5, "fastapi": 0.5}[name]
    assert rules["latency_p95"]["value"] == 0


@pytest.mark.parametrize("path", [path for path in sorted(ROOT.glob("rules/*.yml")) if not path.name.endswith(".test.yml")],
                         ids=lambda path: path.stem)
def test_every_rule_file_that_ships_is_tried(path):
    assert path.stem in RULES
