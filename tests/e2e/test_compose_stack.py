# SPDX-License-Identifier: Apache-2.0
"""The services of docker-compose.yml run together, natively: the same command lines on the same configuration files.

Debian's versions stand for those of the pinned images, which are newer (Debian 12: Prometheus 2.42 for 3.14,
Alertmanager 0.25 for 0.34, node_exporter 1.5 for 1.9, redis_exporter 1.45 for 1.74, Redis 7.0 for 7.4). They know every
flag that is used, so nothing is left out of the command lines. cAdvisor and Grafana are not in Debian: nothing here speaks for them.
"""

import json
import re
import subprocess
import tempfile
from types import SimpleNamespace

import pytest

from stack import HookReceiver, Slack, Stack, get, get_json, post_json, program, wait_until
from stack.compose import PROGRAMS, RUN, SERVICES, command, containers, make_secrets
from stack.server import ROOT, environment

NOT_IN_DEBIAN = {"cadvisor", "grafana"}
ANNOUNCEMENT = {"service": "meme-maker", "environment": "production", "version": "v1.1.0", "previous_version": "v1.0.0",
                "id": "r1"}


def repository(folder):
    """What docker-compose.yml mounts, with the secrets that its head makes; Slack's addresses are this test's own."""
    folder.mkdir()
    for name in ("release-guard.yml", "rules", "exporters", "alertmanager"):
        (folder / name).symlink_to(ROOT / name)
    make_secrets(folder)
    return folder


@pytest.fixture(scope="module")
def running():
    with tempfile.TemporaryDirectory(prefix="release-guard-e2e-", ignore_cleanup_errors=True) as directory:
        with Slack() as slack, Stack(directory) as stack:
            files = repository(stack.directory / "repository")
            for channel, path in slack.address_files(files / "secrets").items():
                assert path.name == f"slack-{channel[1:]}.url"
            receiver = HookReceiver(stack.directory, {"promote_to_prod": {
                "argv": ["/bin/echo", "{previous_version}", "rollback"], "timeout": 600}})
            receiver.secret_file.write_text((files / "secrets" / "hook.secret").read_text())
            stack.add(receiver)
            services = containers(stack.directory, files, receiver)
            for service in services.values():
                stack.add(service)
            yield SimpleNamespace(slack=slack, services=services, token=lambda name: (
                files / "secrets" / f"{name}.token").read_text().strip())
            print(stack.logs())


def asked(running, path):
    return get_json(f"{running.services['prometheus'].url}/api/v1/{path}")["data"]


def test_every_service_runs_here_but_those_that_debian_does_not_have(running):
    assert set(running.services) == set(SERVICES) - NOT_IN_DEBIAN
    for service in running.services.values():
        assert service.running() and service.healthcheck(), service.name


def test_every_target_of_prometheus_is_up(running):
    def all_scraped():
        targets = asked(running, "targets")["activeTargets"]
        return targets if all(target["health"] != "unknown" for target in targets) else None
    targets = wait_until(all_scraped, "every target was scraped", 60)
    health = {(target["labels"]["job"], target["labels"].get("colour")): target for target in targets}
    assert health.pop(("cadvisor", None))["health"] == "down"   # nobody has its name here
    assert {job: (target["health"], target["lastError"]) for job, target in health.items()} == dict.fromkeys(
        health, ("up", ""))


@pytest.mark.parametrize("metric", ["release_guard_build_info", "redis_up == 1", "node_cpu_seconds_total",
                                    "alertmanager_build_info", "meme_maker_build_info"])
def test_prometheus_has_what_each_of_them_measures(running, metric):
    wait_until(lambda: asked(running, f"query?query={metric.replace(' ', '%20')}")["result"], metric, 60)


def test_the_traffic_reaches_both_copies(running):
    for colour in ("blue", "green"):
        page = get(f"{running.services[f'backend-{colour}'].url}/metrics").text
        answered = re.search(r'http_requests_total\{handler="/",method="GET",status="200"\} (\S+)', page)
        assert float(answered[1]) > 0, colour


def test_prometheus_has_loaded_the_rules_and_found_alertmanager(running):
    [group] = asked(running, "rules")["groups"]
    assert group["name"] == "release-guard" and len(group["rules"]) > 5
    [found] = wait_until(lambda: asked(running, "alertmanagers")["activeAlertmanagers"], "Alertmanager is found", 60)
    assert found["url"].startswith(running.services["alertmanager"].url)


def test_alerts_go_from_prometheus_through_alertmanager_to_the_guard(running):
    """The heartbeat does; Alertmanager shows the guard the token that is mounted for it."""
    def arrived():
        page = get(f"{running.services['release-guard'].url}/metrics", running.token("prometheus")).text
        return re.search(r'^release_guard_alerts_received_total\{result="(fresh|repeated)"\} [1-9]', page, re.MULTILINE)
    wait_until(arrived, "the heartbeat reaches the guard", 150)


def test_a_release_is_told_to_people_and_rolled_back_through_the_receiver(running):
    guard = running.services["release-guard"]
    post_json(f"{guard.url}/api/v1/releases", ANNOUNCEMENT, running.token("pipeline"))
    wait_until(lambda: running.slack.messages("#deployments"), "#deployments is told of the release", 60)
    post_json(f"{guard.url}/api/v1/releases/r1/rollback", {"reason": "a drill"}, running.token("operator"))

    def called():
        release = get_json(f"{guard.url}/api/v1/releases/r1", running.token("operator"))
        return release if release["phase"] not in ("settling", "rolling_back") else None
    release = wait_until(called, "the hook has been called", 60)
    assert release["phase"] == "verifying", release["reason"]
    [attempt] = release["decisions"][-1]["attempts"]
    assert json.loads(attempt["output"])["output"] == "v1.0.0 rollback\n"


def split(name):
    """What a container runs: (program and subcommand, flags)."""
    words = [str(PROGRAMS.get(word, word)) for word in [*RUN[name][0], *command(name)]]
    first = next(number for number, word in enumerate(words) if word.startswith("-") and word != "-B")
    return words[:first], words[first:]


def help_of(name):
    words = split(name)[0]
    argv = [words[0] if "/" in words[0] else program(words[0]), *words[1:], "--help"]
    done = subprocess.run(argv, env=environment(), text=True, capture_output=True, timeout=60, check=False)
    return done.stdout + done.stderr


# Redis has no list of its options; that it starts with them says as much.
@pytest.mark.parametrize("name", sorted(set(RUN) - {"redis"}))
def test_every_flag_is_one_that_the_program_knows(name):
    known = set(re.findall(r"^\s+(--?[\w.-]+)", help_of(name), re.MULTILINE))
    flags = {word.split("=")[0] for word in split(name)[1]}
    assert flags and flags <= known, flags - known


# (service, how its help says on which port it listens by itself)
@pytest.mark.parametrize("name, said", [
    ("prometheus", r'--web\.listen-address="0\.0\.0\.0:(\d+)"'),
    ("alertmanager", r"--web\.listen-address=:(\d+)"),
    ("node-exporter", r"--web\.listen-address=:(\d+)"),
    ("redis-exporter", r'Address to listen on .*\(default ":(\d+)"\)'),
])
def test_every_port_that_is_named_is_the_programs_own(name, said):
    own = re.search(said, help_of(name), re.DOTALL)[1]
    assert named_ports(name) == {own}


def test_the_ports_of_redis_and_of_the_guard_are_their_own():
    done = subprocess.run([program("redis-cli"), "--help"], env=environment(), text=True, capture_output=True,
                          timeout=60, check=False)
    assert named_ports("redis") == set(re.findall(r"Server port \(default: (\d+)\)", done.stdout + done.stderr))
    served = re.findall(r"--web\.listen-address=0\.0\.0\.0:(\d+)", " ".join(command("release-guard")))
    assert named_ports("release-guard") == set(served)


@pytest.mark.parametrize("name", ["backend-blue", "backend-green", "traffic"])
def test_the_demo_is_called_at_the_port_that_it_is_told_to_listen_on(name):
    [own] = re.findall(r"--listen=0\.0\.0\.0:(\d+)", " ".join(command(name)))
    assert named_ports(name) == {own}


def named_ports(name):
    """Every port at which anything that ships calls this service, publishes it or asks for its health."""
    service = SERVICES[name]
    ports = {entry.split(":")[-1] for entry in service.get("ports", [])}
    ports |= set(re.findall(r"127\.0\.0\.1:(\d+)", json.dumps(service.get("healthcheck", {}))))
    for path in ("docker-compose.yml", "exporters/prometheus.yml", "alertmanager/alertmanager.yml", "release-guard.yml",
                 "dashboards/provisioning/datasources/prometheus.yaml"):
        lines = (ROOT / path).read_text().splitlines()
        text = "\n".join(line for line in lines if not line.lstrip().startswith(("#", "image:")))
        ports |= set(re.findall(rf"(?<![\w.-]){name}:(\d+)", text))
    return ports
