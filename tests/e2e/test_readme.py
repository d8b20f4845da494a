# SPDX-License-Identifier: Apache-2.0
"""README.md is true: its blocks are taken out and run, in their order, against real servers in an empty directory."""

import json
import os
import re
import subprocess
from dataclasses import dataclass

import pytest
import yaml

from stack import (Alertmanager, Backend, Guard, Prometheus, Redis, Server, Traffic, get, post_json, program, request,
                   wait_until)
from stack.alertmanager import link_templates
from stack.guard import BINARY
from stack.server import ROOT

README = (ROOT / "README.md").read_text()
# What takes minutes in production takes seconds here; nothing else is changed.
SHORTER = {"window: 2h": "window: 20s", "settle: 1m": "settle: 3s", "interval: 10s": "interval: 1s",
           "interval: 15s": "interval: 1s", "for: 5m": "for: 3s",
           "for: 1m": "for: 1s", "[5m]": "[3s]", "over: 2h": "over: 20s",
           "-- ./deploy.sh": "--for 2s -- ./deploy.sh", "verify: 30m": "verify: 20s", "cooldown: 1h": "cooldown: 1s",
           "alertmanager: { urls": "alertmanager: { warm_up: 1s, urls"}


@dataclass(frozen=True)
class Block:
    language: str
    text: str

    @property
    def file(self):
        """The name of the file that a comment in its first two lines says it is, or None."""
        found = re.search(r"^# (\S+\.(?:yml|sh))$", "\n".join(self.text.splitlines()[:2]), re.MULTILINE)
        return found[1] if found else None

    @property
    def is_part(self):
        return self.text.startswith("# part of release-guard.yml\n")


BLOCKS = [Block(*found) for found in re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]
FILES = {block.file: block.text for block in BLOCKS if block.file}
COMMANDS = [block.text for block in BLOCKS if block.language == "sh" and not block.file]


class Shop:
    """The servers that README.md speaks of, on ports of their own, and its files with those ports in them."""

    def __init__(self, stack, folder):
        self.folder = folder
        self._stack = stack
        folder.mkdir()
        redis = stack.add(Redis(stack.directory))
        self.backend = stack.add(Backend(stack.directory, "blue", redis, "1.4.1"))
        stack.add(Traffic(stack.directory, self.backend.url))
        self.prometheus = stack.adopt(Prometheus(stack.directory))
        self.alertmanager = stack.adopt(Alertmanager(stack.directory))
        self.guard = stack.adopt(Guard(stack.directory, {}))   # README.md starts it; this holds its port

    def here(self, text):
        """Text of README.md with the addresses of these servers, and windows of seconds."""
        servers = {"8080": self.backend, "9090": self.prometheus, "9093": self.alertmanager, "8929": self.guard}
        for port, server in servers.items():
            text = text.replace(f"127.0.0.1:{port}", server.address)
        for long, short in SHORTER.items():
            text = text.replace(long, short)
        return text

    def write_files(self):
        for name, text in FILES.items():
            (self.folder / name).write_text(self.here(text))

    def start_servers(self):
        """Prometheus and Alertmanager with README.md's own configuration files."""
        prometheus, alertmanager = self.prometheus, self.alertmanager
        prometheus.write_configuration = lambda: None
        _with_configuration(prometheus, self.folder / "prometheus.yml").launch()
        _with_configuration(alertmanager, self.folder / "alertmanager.yml").launch()
        for server in (prometheus, alertmanager):
            server.wait_ready()
        wait_until(lambda: (prometheus.value("sum(rate(http_requests_total[5s]))") or 0) > 10, "the traffic is measured")

    def token(self, name):
        return (self.folder / f"{name}.token").read_text().strip()


def _with_configuration(server, path):
    argv = server.argv()
    server.argv = lambda: [f"--config.file={path}" if str(part).startswith("--config.file=") else part for part in argv]
    return server


class Shell(Server):
    """One shell for all commands of README.md, each block run once the one before it is done."""

    name = "shell"

    def __init__(self, shop, stack):
        super().__init__(stack.directory)
        self._shop = shop
        bin = self.directory / "bin"
        bin.mkdir()
        (bin / "release-guard").symlink_to(BINARY)
        environment = {**os.environ, "PATH": f"{bin}:{os.environ['PATH']}", "RELEASE_GUARD_SERVER": shop.guard.url}
        self._process = subprocess.Popen(["bash", "-u"], cwd=shop.folder, env=environment, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                         start_new_session=True)

    def run(self, commands):
        """Runs a block; [(exit code, output)] of its commands, in order."""
        results = []
        for command in _split(commands):
            self._process.stdin.write(f"{self._shop.here(command)}\necho \"=== $?\"\n")
            self._process.stdin.flush()
            results.append(self._result())
        return results

    def _result(self):
        lines = []
        for line in self._process.stdout:
            if line.startswith("=== "):
                return int(line[4:]), "".join(lines)
            lines.append(line)
        raise AssertionError("the shell ended: " + "".join(lines))


def _split(commands):
    """The commands of a block: one a line, unless it goes on after a backslash."""
    joined = re.sub(r"\\\n\s*", " ", commands)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    # What runs in the background must not hold this test's pipe.
    return [re.sub(r" &$", " >guard.log 2>&1 &", line) for line in lines]


@pytest.fixture
def shop(stack, tmp_path):
    shop = Shop(stack, stack.directory / "shop")
    shop.write_files()
    return shop


def good(results):
    for code, output in results:
        assert code == 0, output
    return results[-1][1]


def test_a_newcomer_gets_through_it_from_top_to_bottom(stack, shop):
    first_look, prepare, healthcheck, pipeline, person, before, wrapped = COMMANDS
    shell = stack.adopt(Shell(shop, stack))
    make_ready = prepare[:prepare.index("release-guard check")]
    good(shell.run(make_ready))
    shop.start_servers()
    assert "Proposed for " in good(shell.run(first_look))
    said = shell.run(prepare[len(make_ready):])
    assert said[0] == (0, "ok: 1 group, 6 rules, 1 hook\n")
    wait_until(lambda: get(f"{shop.guard.url}/-/ready").status == 200, "the guard is ready")
    assert good(shell.run(healthcheck)) == "Release Guard is ready.\n"
    wait_until(lambda: (shop.prometheus.value('min(count_over_time(up{job="shop"}[1m]))') or 0) > 22,
               "there is a time before the release to measure its traffic against")
    assert "1.4.2 in production: passed" in good(shell.run(pipeline))
    said = shell.run(before)[-1][1]
    assert "would go back to 1.4.2" in said and "rollback.sh can be run" in said, said
    assert "rolling back" in good(shell.run(person))
    assert "every objective held" in (shop.folder / "report.html").read_text()
    _the_rollback_ends(shop)
    (shop.folder / "deploy.sh").write_text("#!/bin/sh\necho deploying $1\n")
    (shop.folder / "deploy.sh").chmod(0o755)
    assert "1.4.3 in production:" in good(shell.run("export RELEASE_GUARD_TOKEN_FILE=pipeline.token\n" + wrapped))
    _alertmanager_and_prometheus_do_as_it_says(shop)
    _the_api_takes_the_announcement(shop)


def _the_rollback_ends(shop):
    shop.guard.token = shop.token("operator")
    newest = shop.guard.call("GET", "/api/v1/releases").json()["releases"][0]["id"]
    ended = shop.guard.wait_phase(newest, "rolled_back")
    assert ended["decisions"][-1]["attempts"][0]["output"] == "going back from 1.4.2 to 1.4.1\n"


def _alertmanager_and_prometheus_do_as_it_says(shop):
    shop.alertmanager.post({"labels": {"alertname": "Broken", "severity": "critical", "service": "shop"}})
    received = 'release_guard_alerts_received_total{result="fresh"} 1\n'
    wait_until(lambda: received in get(f"{shop.guard.url}/metrics", shop.token("prometheus")).text, "the alert arrives")
    wait_until(lambda: shop.prometheus.up("release-guard") == 1, "Prometheus scrapes the guard")


def _the_api_takes_the_announcement(shop):
    announcement = json.loads(next(block.text for block in BLOCKS if block.language == "json"))
    url = f"{shop.guard.url}/api/v1/releases"
    assert post_json(url, announcement, shop.token("pipeline")).status == 201
    assert post_json(url, announcement, shop.token("pipeline")).status == 200
    live = re.search(r"POST (/api/v1/releases/\S+/live)", README)[1]
    assert post_json(f"{shop.guard.url}{live}", {}, shop.token("pipeline")).json()["phase"] == "settling"
    other = json.dumps({**announcement, "version": "1.4.4"}).encode()
    assert request("POST", url, other, {"Content-Type": "application/json"}, shop.token("pipeline")).status == 409


@pytest.fixture
def files(tmp_path):
    """README.md's files as they stand there, with the secrets they name."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "rollback.sh").chmod(0o755)
    for name in set(re.findall(r"(?:token|secret|credentials)_file: (\S+?)[,\s}]", README)):
        (tmp_path / name).write_text(f"long-enough-to-be-a-secret-of-{name.split('.')[0]}\n")
        (tmp_path / name).chmod(0o600)
    return tmp_path


def check(folder):
    return subprocess.run([BINARY, "check", "--config.file=release-guard.yml"], cwd=folder, capture_output=True, text=True,
                          timeout=30, check=False)


def test_its_configuration_is_right_with_the_windows_it_shows(files):
    assert (check(files).returncode, check(files).stdout) == (0, "ok: 1 group, 6 rules, 1 hook\n")


@pytest.mark.parametrize("part", [block.text for block in BLOCKS if block.is_part], ids=lambda text: text.split("\n")[1])
def test_every_part_of_a_configuration_fits_into_it(files, part):
    whole = {**yaml.safe_load(FILES["release-guard.yml"]), **yaml.load(part, yaml.BaseLoader)}
    (files / "release-guard.yml").write_text(yaml.safe_dump(whole, sort_keys=False))
    assert check(files).returncode == 0, check(files).stdout


def test_prometheus_and_alertmanager_accept_its_files(files):
    link_templates(files)
    for command in (["promtool", "check", "config", "prometheus.yml"], ["amtool", "check-config", "alertmanager.yml"]):
        done = subprocess.run([program(command[0]), *command[1:]], cwd=files, capture_output=True, text=True, timeout=60,
                              check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_block_is_of_a_kind_that_is_tried():
    for block in BLOCKS:
        assert block.file or block.is_part or block.language in ("sh", "json"), block.text
    assert len(COMMANDS) == 7


def test_it_opens_with_commands_that_dev_knows():
    commands = re.findall(r"\./dev (\w+)", README)
    assert commands[:2] == ["demo", "test"]
    help = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, timeout=30, check=True).stdout
    for command in commands:
        assert re.search(rf"^  {command} ", help, re.MULTILINE), command


def test_every_subcommand_and_flag_it_names_exists():
    for words in set(re.findall(r"(?:^|`)release-guard ((?:release )?[a-z]+)", README, re.MULTILINE)):
        done = subprocess.run([BINARY, *words.split(), "--help"], capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, words
    serve = subprocess.run([BINARY, "serve", "--help"], capture_output=True, text=True, timeout=30, check=True).stdout
    for flag, default in re.findall(r"^\| `(--[\w.-]+)`.*\| `(.*)` \|$", README, re.MULTILINE):
        # CLI11 shows a default as TYPE=default, from 2.4 on (Debian 13) as TYPE [default].
        shown = rf"(?:={re.escape(default)}(?: |$)| \[{re.escape(default)}\] )"
        assert re.search(rf"^  {re.escape(flag)} .*{shown}", serve, re.MULTILINE), flag


def test_every_file_it_links_to_exists():
    for target in re.findall(r"\]\(((?!http|#)[^)]+)\)", README):
        assert (ROOT / target).exists(), target
    headings = {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")
                for text in re.findall(r"^#+ (.*)$", README, re.MULTILINE)}
    for anchor in re.findall(r"\]\(#([^)]+)\)", README):
        assert anchor in headings, anchor
