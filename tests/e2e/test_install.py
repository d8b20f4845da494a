# SPDX-License-Identifier: Apache-2.0
"""docs/install.md is true: its commands are run. What they leave is a guard that starts, and configurations that the
real Prometheus and Alertmanager find nothing wrong with. Grafana is not run: its files are held against each other.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml

from stack import Alertmanager, Guard, Prometheus, Slack, get, post_json, wait_until
from stack.alertmanager import link_templates
from stack.guard import BINARY
from stack.server import ROOT, UNPACKED, environment, program

DOCUMENT = (ROOT / "docs" / "install.md").read_text()


def blocks(section, language="sh"):
    text = re.search(rf"^## {section}.*?(?=^## )", DOCUMENT, re.MULTILINE | re.DOTALL)[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


BLOCKS = blocks("On a host")
READ_METRICS, CHECK_PROMETHEUS, ALERTMANAGER, GRAFANA = blocks("Prometheus, Alertmanager, Grafana")
SYSTEM = ("/usr/local/bin/", "/usr/local/share/man/man1", "/usr/share/bash-completion/completions", "/etc/release-guard", "/etc/systemd/system", "/var/lib/release-guard", "/etc/prometheus",
          "/etc/alertmanager", "/etc/grafana")
AS_ROOT = os.geteuid() == 0
# A user that nobody here is; without the right to become one, our own.
USER, GROUP = (65532, 65532) if AS_ROOT else (os.geteuid(), os.getegid())


class Host:
    """A folder that stands for the host's root, and programs that stand for what would change the machine itself."""

    def __init__(self, root):
        self.root = root
        self.calls = root / "calls"
        self._repository = root / "repository"
        for folder in ("usr/local/bin", "etc/systemd/system", "var/lib", "stubs", "repository/build/release"):
            (root / folder).mkdir(parents=True)
        (self._repository / "build/release/release-guard").symlink_to(BINARY)
        for name in ("rules", "release-guard.yml", "release-guard.schema.json", "release-guard.service", "release-guard.socket",
                     "alertmanager", "dashboards"):
            (self._repository / name).symlink_to(ROOT / name)
        for name in ("useradd", "systemctl"):
            self._stub(name, f'echo {name} "$@" >>{self.calls}')
        for name in ("promtool", "amtool"):
            (root / "stubs" / name).symlink_to(program(name))
        link_templates(self._repository)
        if not AS_ROOT:
            self._stub("setpriv", 'while [ "${1#--}" != "$1" ]; do shift; done; exec "$@"')

    def _stub(self, name, line):
        (self.root / "stubs" / name).write_text(f"#!/bin/sh\n{line}\n")
        (self.root / "stubs" / name).chmod(0o755)

    def run(self, block, umask="022"):
        block = self.here(block)
        for option, number in {"-o ": USER, "-g ": GROUP, "--reuid=": USER, "--regid=": GROUP}.items():
            block = re.sub(rf"{option}(release-guard|prometheus)\b", f"{option}{number}", block)
        path = f"{self.root}/stubs:{self.root}/usr/local/bin:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", f"umask {umask}\n{block}"], cwd=self._repository,
                              env={**environment(), "PATH": path}, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=60, check=False)
        config = self.etc / "release-guard.yml"
        config.write_text(config.read_text().replace(" /var/lib/release-guard", f" {self.root}/var/lib/release-guard"))
        return done

    def here(self, text):
        """Paths of the host, as they are in this folder."""
        for path in SYSTEM:
            text = re.sub(rf"(?<![\w/]){path}", f"{self.root}{path}", text)
        return text

    def install_monitoring(self):
        """What Debian's packages of Prometheus and Alertmanager, and Grafana's own, leave in /etc."""
        shutil.copytree(UNPACKED / "etc" / "prometheus", self.root / "etc" / "prometheus")
        for kind in ("dashboards", "datasources"):
            (self.root / "etc" / "grafana" / "provisioning" / kind).mkdir(parents=True)

    @property
    def etc(self):
        return self.root / "etc" / "release-guard"


@pytest.fixture
def host():
    root = Path(tempfile.mkdtemp(prefix="release-guard-e2e-"))
    try:
        root.chmod(0o755)   # pytest's own folder would be closed to the guard's user
        yield Host(root)
    finally:
        shutil.rmtree(root)


@pytest.mark.parametrize("umask", ["022", "077"])
def test_its_commands_leave_a_configuration_that_the_guards_user_finds_nothing_wrong_with(host, umask):
    prepare, start = BLOCKS
    done = host.run(prepare, umask)
    assert (done.returncode, done.stderr) == (0, "")
    done = host.run(start, umask)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("ok: ")
    assert (host.root / "etc/systemd/system/release-guard.service").exists()
    calls = host.calls.read_text().splitlines()
    assert calls[0].startswith("useradd --system") and calls[-1] == "systemctl enable --now release-guard"


def test_only_root_and_the_guard_can_read_what_they_leave(host):
    assert host.run(BLOCKS[0]).returncode == 0
    for path in [host.etc, *host.etc.rglob("*")]:
        assert (path.stat().st_mode & 0o777, path.stat().st_gid) == (0o750 if path.is_dir() else 0o640, GROUP), path
    assert {path.name for path in (host.etc / "secrets").iterdir()} == set(
        re.findall(r"_file: secrets/([\w.]+)", (ROOT / "release-guard.yml").read_text()))


def test_they_make_the_folders_as_the_unit_wants_them(host):
    """systemd complains of a configuration folder with another mode than the unit's."""
    assert host.run(BLOCKS[0]).returncode == 0
    unit = dict(re.findall(r"^(\w+DirectoryMode)=0(\d+)$", (ROOT / "release-guard.service").read_text(), re.MULTILINE))
    made = {"ConfigurationDirectoryMode": host.etc, "StateDirectoryMode": host.root / "var/lib/release-guard"}
    assert unit == {name: f"{path.stat().st_mode & 0o777:o}" for name, path in made.items()}


def test_no_name_of_a_container_is_left(host):
    assert host.run(BLOCKS[0]).returncode == 0
    text = (host.etc / "release-guard.yml").read_text()
    assert set(re.findall(r"https?://([\w.-]+)", text)) == {"127.0.0.1"}


def test_the_guard_starts_with_what_they_leave(stack, host):
    assert host.run(BLOCKS[0]).returncode == 0
    guard = stack.adopt(Guard(stack.directory, {}))
    guard.config_file = host.etc / "release-guard.yml"
    guard.write_configuration = lambda: None
    guard.start()
    assert get(f"{guard.url}/-/ready").status == 200


# --- Prometheus, Alertmanager, Grafana -------------------------------------------------------


@pytest.fixture
def monitored(host):
    if not (UNPACKED / "etc" / "prometheus").is_dir():
        pytest.skip("Debian's configuration files are not unpacked here")
    host.install_monitoring()
    assert host.run(BLOCKS[0]).returncode == 0
    return host


def added(configuration, more):
    """`more` added to the lists of these names, which may be empty."""
    merged = dict(configuration)
    for name in ("rule_files", "scrape_configs"):
        merged[name] = (configuration[name] or []) + more[name]
    merged["alerting"] = {"alertmanagers": configuration["alerting"]["alertmanagers"]
                                           + more["alerting"]["alertmanagers"]}
    return merged


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "added to Debian's file"])
@pytest.mark.parametrize("umask", ["022", "077"])
def test_prometheus_accepts_what_is_added_to_it(monitored, alone, umask):
    done = monitored.run(READ_METRICS, umask)
    assert (done.returncode, done.stderr) == (0, "")
    path = monitored.root / "etc" / "prometheus" / "prometheus.yml"
    [shown] = blocks("Prometheus, Alertmanager, Grafana", "yaml")
    shown = yaml.safe_load(monitored.here(shown))
    path.write_text(yaml.safe_dump(shown if alone else added(yaml.safe_load(path.read_text()), shown)))
    done = monitored.run(CHECK_PROMETHEUS, umask)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 rule files found" in done.stdout and "SUCCESS" in done.stdout
    assert monitored.calls.read_text().splitlines()[-1] == "systemctl reload prometheus"
    token = path.parent / "release-guard.token"
    assert token.read_text() == (monitored.etc / "secrets" / "prometheus.token").read_text()
    assert (token.stat().st_mode & 0o777, token.stat().st_gid) == (0o640, GROUP)


def test_the_job_has_the_name_that_the_alerts_ask_for():
    [shown] = blocks("Prometheus, Alertmanager, Grafana", "yaml")
    jobs = {job["job_name"] for job in yaml.safe_load(shown)["scrape_configs"]}
    asked = set(re.findall(r'job="(.*?)"', (ROOT / "alertmanager" / "release-guard-alerts.yml").read_text()))
    assert jobs == asked


def test_alertmanager_accepts_what_replaces_its_file(monitored):
    folder = monitored.root / "etc" / "prometheus"
    before = (folder / "alertmanager.yml").read_text()
    done = monitored.run(ALERTMANAGER, "077")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "1 templates" in done.stdout and "SUCCESS" in done.stdout
    assert (folder / "alertmanager.yml.~1~").read_text() == before, "what was there is kept"
    text = (folder / "alertmanager.yml").read_text()
    assert "http://127.0.0.1:8929/api/v1/alertmanager" in text
    for path in set(re.findall(r"_file: (/\S+)", text)):
        made = monitored.root / path[1:]
        assert (made.stat().st_mode & 0o777, made.stat().st_gid) == (0o640, GROUP), path
    for path in (folder / "alertmanager.yml", folder / "templates" / "release-guard.tmpl"):
        assert path.stat().st_mode & 0o777 == 0o644, path


def test_grafana_is_given_every_dashboard_where_its_provider_looks(monitored):
    done = monitored.run(GRAFANA, "077")
    assert (done.returncode, done.stderr) == (0, "")
    grafana = monitored.root / "etc" / "grafana"
    [provider] = yaml.safe_load((grafana / "provisioning/dashboards/release-guard.yaml").read_text())["providers"]
    found = sorted((monitored.root / provider["options"]["path"][1:]).rglob("*.json"))
    assert [path.name for path in found] == sorted(path.name for path in ROOT.glob("dashboards/*.json"))
    [source] = yaml.safe_load((grafana / "provisioning/datasources/release-guard.yaml").read_text())["datasources"]
    assert source["url"] == "http://127.0.0.1:9090"
    for path in [*found, *grafana.glob("provisioning/*/*")]:
        assert path.stat().st_mode & 0o777 == 0o644, path


@pytest.fixture
def together(stack, monitored):
    """Prometheus, Alertmanager and the guard with the files that all commands left, on free ports; and Slack."""
    for block in (READ_METRICS, ALERTMANAGER):
        assert monitored.run(block).returncode == 0
    servers = {9090: Prometheus(stack.directory), 9093: Alertmanager(stack.directory), 8929: Guard(stack.directory, {})}
    prometheus, alertmanager, guard = map(stack.adopt, servers.values())

    def here(text):
        for port, server in servers.items():
            text = text.replace(f"127.0.0.1:{port}", server.address)
        return monitored.here(text)

    [shown] = blocks("Prometheus, Alertmanager, Grafana", "yaml")
    often = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}}
    prometheus.write_configuration = lambda: (prometheus.directory / "prometheus.yml").write_text(
        yaml.safe_dump({**yaml.safe_load(here(shown)), **often}))
    folder = monitored.root / "etc" / "prometheus"
    alertmanager.configuration = yaml.safe_load(here((folder / "alertmanager.yml").read_text()))
    alertmanager.configuration["templates"] = [str(folder / "templates" / "*.tmpl")]
    guard.config_file = monitored.etc / "release-guard.yml"
    guard.config_file.write_text(here(guard.config_file.read_text()))
    guard.write_configuration = lambda: None
    guard.token = (monitored.etc / "secrets" / "operator.token").read_text().strip()
    with Slack() as slack:
        slack.address_files(monitored.root / "etc" / "alertmanager")
        for server in (prometheus, alertmanager, guard):
            server.start()
        yield prometheus, guard, slack


def test_what_they_leave_works_together_as_the_document_says(together):
    prometheus, guard, slack = together
    section = re.search(r"^See that it works: (.*?)^## ", DOCUMENT, re.MULTILINE | re.DOTALL)[1]
    up, received, _ = re.findall(r"`(.*?)`", section)
    wait_until(lambda: prometheus.value(up) == 1, "Prometheus reads the guard's metrics")
    wait_until(lambda: (prometheus.value(f"sum({received})") or 0) > 0, "the guard hears of Watchdog", 60)
    post_json(f"{guard.url}/api/v1/releases", {"id": "r1", "service": "meme-maker", "environment": "production",
                                               "version": "v2", "previous_version": "v1"}, guard.token)
    slack.wait_title("#deployments", "meme-maker v2 in production is live and being watched.")


# --- links -----------------------------------------------------------------------------------


def test_the_addresses_in_links_are_among_what_must_be_changed(host):
    [shown] = map(yaml.safe_load, blocks("On a host", "yaml"))
    watch = yaml.safe_load((ROOT / "dashboards" / "release-watch.json").read_text())
    assert shown["web"]["dashboard_url"].endswith(f"/d/{watch['uid']}")
    assert shown["web"]["runbook_url"].endswith("/docs/runbook.md")
    assert host.run(BLOCKS[0]).returncode == 0
    config = host.etc / "release-guard.yml"
    configuration = yaml.safe_load(config.read_text())
    assert set(configuration["web"]) <= set(shown["web"]) == {"external_url", "dashboard_url", "runbook_url"}
    config.write_text(yaml.safe_dump({**configuration, **shown}))
    done = host.run(BLOCKS[1])
    assert done.returncode == 0, done.stdout + done.stderr
    for text in (re.search(r"^## With docker.*?(?=^## )", DOCUMENT, re.MULTILINE | re.DOTALL)[0],
                 (ROOT / "docker-compose.yml").read_text()):
        assert [name for name in shown["web"] if f"web.{name}" not in text] == []


# --- without Node.js -------------------------------------------------------------------------


def test_the_packages_without_nodejs_are_those_of_the_one_list():
    [install] = [block for block in blocks("Build it") if "apt-get" in block]
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", install.replace("apt-get install", "echo")], cwd=ROOT,
                          text=True, capture_output=True, timeout=10, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    named = done.stdout.split()
    assert named[0] == "--no-install-recommends" and {"g++", "cmake", "ninja-build"} < set(named)
    listed = subprocess.run(["bash", "-c", "source ./dev >/dev/null; packages build"], cwd=ROOT, text=True,
                            capture_output=True, timeout=10, check=False).stdout.split()
    assert set(listed) - set(named) == {"nodejs", "npm", "ccache"} and set(named[1:]) < set(listed)


def test_a_guard_is_configured_without_nodejs_and_without_what_only_tests_need(tmp_path):
    """The whole build is left out: that every target of the build is there is seen by what ninja would do."""
    [text] = [block for block in blocks("Build it") if "cmake" in block]
    configure, build = text.splitlines()
    options = set(re.findall(r"-D(RELEASE_GUARD_\w+)=", configure))
    known = set(re.findall(r"^option\((\w+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE))
    assert options and options <= known
    absent = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in ("GTest", "rapidcheck", "benchmark")]
    for argv in ([*configure.split(), "-B", tmp_path, "-DNODE_PROGRAM=NODE_PROGRAM-NOTFOUND", *absent],
                 [*build.replace("--preset release", str(tmp_path)).split(), "--", "-n"]):
        done = subprocess.run(argv, cwd=ROOT, stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=120,
                              check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "release-guard" in done.stdout.splitlines()[-1]
