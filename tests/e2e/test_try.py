# SPDX-License-Identifier: Apache-2.0
"""The first five minutes: with nothing but a server, `try` says what rules would have done, or why it can't."""

import yaml

from meme_maker_history import a_day_of_containers, a_day_of_switches
from shop_history import a_day_of_releases
from stack import Backend, NodeExporter, Prometheus, Redis, Traffic, run_cli, wait_until


def told(*arguments, code=0):
    done = run_cli("try", *arguments)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout if code == 0 else done.stderr


def test_rules_are_proposed_and_releases_judged_by_them(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    a_day_of_releases(prometheus)
    folder = stack.directory / "proposed"
    text = told(f"--prometheus.url={prometheus.url}", f"--write={folder}")
    assert "Found 6 releases of shop, by the version in app_info." in text
    assert "error_rate    less than 1% of http_requests_total fail with 5xx in `status`" in text
    assert "not proposed: latency: no histogram of requests is there" in text
    assert "would have rolled back 1 of 6 releases in 30d:" in text, text
    assert "before it recovered" in text
    assert run_cli("check", f"--config.file={folder}/release-guard.yml").returncode == 0
    assert "is there already" in told(f"--prometheus.url={prometheus.url}", f"--write={folder}", code=1)


def test_a_small_production_is_told_what_its_own_metrics_can_say(stack):
    prometheus = stack.adopt(Prometheus(stack.directory, prefix="/prometheus"))
    a_day_of_switches(prometheus)
    folder = stack.directory / "proposed"
    text = told(f"--prometheus.url={prometheus.url}", f"--write={folder}")
    assert "Found 6 releases of meme-maker-backend, by process_start_time_seconds, so a restart may be meant." in text
    proposed = {rule["slo"]: rule for rule in yaml.safe_load((folder / "rules.yml").read_text())["groups"][0]["rules"]}
    users = 'http_requests_total{job="meme-maker-backend",handler!~"/health|/metrics"'
    assert proposed["error_rate"]["bad"] == users + ',status=~"5..|5xx"}'
    assert proposed["error_rate"]["total"] == proposed["traffic"]["count"] == users + "}"
    # 20% of what users ask for takes longer than the last bound of the histogram that has their paths.
    assert proposed["latency_p95"]["good"].startswith("http_request_duration_highr_seconds_bucket")
    assert 'le="1.5"' in proposed["latency_p95"]["good"]
    assert "health checks among them" in " ".join(text.split())
    assert 'name=~"meme-prod-backend"' in proposed["container_memory"]["expr"]
    assert 'name=~"meme-prod-backend"' in proposed["container_cpu"]["expr"]
    assert proposed["cpu"]["action"] == proposed["memory"]["action"] == "warn"
    assert "is it set at all?" in text
    assert "would have rolled back 1 of 6 releases in 30d:" in text, text
    assert "error_rate" in text.split("would have rolled back")[1]
    checked = run_cli("check", f"--config.file={folder}/release-guard.yml")
    found = checked.stdout + checked.stderr
    assert checked.returncode == 0 and "9 rules, 0 hooks, 1 warning" in found and "[still-gauge]" in found, found


def test_a_service_without_a_release_yet_is_told_what_could_be_asked(stack):
    redis = stack.add(Redis(stack.directory))
    shop = stack.add(Backend(stack.directory, "shop", redis))
    stack.add(Traffic(stack.directory, shop.url, rate=20))
    prometheus = stack.add(Prometheus(stack.directory, {"shop": [shop.address]}))
    wait_until(lambda: (prometheus.value('sum(increase(http_requests_total{job="shop"}[1m]))') or 0) > 50, "it has users")
    text = told(f"--prometheus.url={prometheus.url}", "--service=shop")
    assert "Proposed for shop" in text and "latency_p95" in text, text
    assert "No release of shop was found" in text and "--deploys EXPR" in text


def test_a_machine_alone_is_watched_as_one(stack):
    node = stack.add(NodeExporter(stack.directory))
    prometheus = stack.add(Prometheus(stack.directory, {"node": [node.address]}))
    wait_until(lambda: prometheus.value('up{job="node"}') == 1, "it is scraped")
    text = told(f"--prometheus.url={prometheus.url}")
    assert "Proposed for node" in text and "a machine uses 90% of its CPU" in text
    assert "not proposed: a share of failures" in text


def test_containers_without_a_service_that_tells_of_its_requests_give_warnings(stack):
    prometheus = stack.adopt(Prometheus(stack.directory))
    a_day_of_containers(prometheus)
    folder = stack.directory / "proposed"
    text = told(f"--prometheus.url={prometheus.url}", f"--write={folder}")
    assert "a warning where a container uses 90% of its memory limit for 5m" in text, text
    assert "No release of cadvisor, node-exporter was found" in text, text
    assert "7 are known, and no job says which of them are its own" in " ".join(text.split()), text
    groups = {group["name"]: group["rules"] for group in yaml.safe_load((folder / "rules.yml").read_text())["groups"]}
    assert {"container_memory", "container_cpu"} <= {rule["slo"] for rule in groups["cadvisor"]}
    assert {rule["action"] for rules in groups.values() for rule in rules} == {"warn"}
    assert run_cli("check", f"--config.file={folder}/release-guard.yml").returncode == 0


def test_a_server_that_knows_nothing_says_what_it_needs(stack):
    prometheus = stack.add(Prometheus(stack.directory))
    assert "let it scrape the service first" in told(f"--prometheus.url={prometheus.url}", code=1)
    assert "say which Prometheus to ask" in told(code=1)
