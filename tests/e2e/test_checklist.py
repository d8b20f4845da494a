# SPDX-License-Identifier: Apache-2.0
"""docs/checklist.md is true: each line has an answer, what it names is there, and every command in it is run, in a story
of one release, against a guard with a real production, Prometheus and Alertmanager.
"""

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from stack import Alertmanager, Dial, Guard, Production, Prometheus, Slack, program, wait_until
from stack.alertmanager import shipped_configuration
from stack.guard import BINARY
from stack.history import History
from stack.server import ROOT, environment

DOCUMENT = (ROOT / "docs" / "checklist.md").read_text()
RULES = (ROOT / "rules" / "meme-maker.yml").read_text()
# (line, answer, how); without the heads of the tables and of their parts.
LINES = [row for row in re.findall(r"^\| (.+?) \|(.*?)\|(.*?)\|$", DOCUMENT, re.MULTILINE)
         if row[0] not in ("line", "---") and not row[0].startswith("**")]
LINES = [tuple(cell.strip() for cell in row) for row in LINES]
ANSWERS = ("by itself", "command", "no")
PLACE = "--service meme-maker --environment production"
# What takes minutes in production takes seconds here, and what waits for its time in the shipped rules has come.
SHORTER = {"window: 2h": "window: 15s", "window: 1h": "window: 10s", "settle: 2m": "settle: 1s", "interval: 10s": "interval: 1s",
           "for: 5m": "for: 3s", "for: 2m": "for: 3s", "for: 1m": "for: 3s", "over: 2h": "over: 2m", "verify: 30m": "verify: 3s",
           "verify: 10m": "verify: 2s", "cooldown: 1h": "cooldown: 1s", "# requires: ": "requires: ",
           "staging }, for: 24h": "staging }, for: 1s"}
MEASURED = {
    'container_cpu_usage_seconds_total{name="meme-prod-backend"}': 7,
    'container_spec_cpu_quota{name="meme-prod-backend"}': 50000,
    'container_spec_cpu_period{name="meme-prod-backend"}': 100000,
    'container_memory_working_set_bytes{name="meme-prod-backend"}': 300,
    'container_spec_memory_limit_bytes{name="meme-prod-backend"}': 400,
    "machine_cpu_cores": 2, "machine_memory_bytes": 1000, "ssl_cert_not_after": time.time() + 60 * 86400,
    'node_filesystem_avail_bytes{fstype="ext4"}': 40, 'node_filesystem_size_bytes{fstype="ext4"}': 100,
    "node_memory_MemAvailable_bytes": 50, "node_memory_MemTotal_bytes": 100,
    "backup_last_success_timestamp_seconds": time.time() - 3600,
}


def spans(text):
    return re.findall(r"`([^`]+)`", text)


COMMANDS = {span for row in LINES for span in spans(row[2]) if span.startswith("release-guard ")}


def shortened(text):
    for long, short in SHORTER.items():
        text = text.replace(long, short)
    # The commented rule on backups, whose metric is there.
    return re.sub(r"^(\s+)# (- slo: backup_age|  expr: time\(\) - max\(backup|  objective: \"< 26h\"|  annotations: \{ advice: run the b)",
                  r"\1\2", text, flags=re.MULTILINE)


@dataclass
class Said:
    code: int
    text: str


class Setting:
    """The servers, and a shell in which `$id` and `$staging` are what the document says they are."""

    def __init__(self, stack, slack, measured):
        self.slack = slack
        self.production = Production(stack, "v0.9.3")
        self.production.green.deploy("v0.9.2")   # the other colour answers its scrapes too
        self.alertmanager = stack.adopt(Alertmanager(stack.directory))
        self.prometheus = stack.adopt(Prometheus(stack.directory))
        self.guard = stack.adopt(Guard(stack.directory, {}))
        self.variables = {"id": "v1.0.0-live", "staging": "v1.0.0-staging"}
        self.ran = set()
        self._configure(measured)
        self._invent_a_day()
        for server in (self.alertmanager, self.prometheus, self.guard):
            server.start()
        wait_until(self._measures, "Prometheus measures, and knows its Alertmanager")

    def bash(self, command):
        process = self.start(command)
        out, _ = process.communicate(timeout=120)
        return Said(process.returncode, out)

    def start(self, command):
        """Runs it where the deployment is, with the program in the PATH."""
        if command in COMMANDS:
            self.ran.add(command)
        path = f"{self.guard.directory / 'bin'}:{Path(program('prometheus')).parent}:{os.environ['PATH']}"
        return subprocess.Popen(["bash", "-euc", command], cwd=self.production.deploy_directory, text=True,
                                env={**environment(), **self.variables, "PATH": path, "RELEASE_GUARD_SERVER": self.guard.url},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def good(self, command, *words):
        """Runs a command that must succeed and say this."""
        said = self.bash(command)
        assert said.code == 0, f"{command}: exit {said.code}\n{said.text}"
        for word in words:
            assert word in said.text, f"{command} does not say {word!r}:\n{said.text}"
        return said.text

    def _measures(self):
        rate = self.prometheus.value('sum(rate(http_requests_total{job="meme-maker-staging"}[5s]))') or 0
        return rate > 10 and self.prometheus.value("sum(prometheus_notifications_alertmanagers_discovered)") == 1

    def _invent_a_day(self):
        """It was up and users came yesterday too: else there would be nothing to hold the traffic of today against."""
        history = History(hours=26, step=30)
        for job in ("meme-maker-backend", "meme-maker-staging"):
            target = {"job": job, "instance": self.production.blue.address, "colour": "blue"}
            history.count("http_requests_total", {**target, "handler": "/", "method": "GET", "status": "200"}, lambda _: 20 * 30)
            history.add("up", target, lambda _: 1)
        history.store(self.prometheus.directory / "data")

    def _configure(self, measured):
        token = self.guard.directory / "unused"
        token.write_text("unused")
        self.alertmanager.configuration = shipped_configuration(
            f"{self.guard.url}/api/v1/alertmanager", token, slack=self.slack.address_files(self.alertmanager.directory))
        jobs = self.production.jobs
        self.prometheus.jobs = {**jobs, "meme-maker-staging": jobs["meme-maker-backend"], "cadvisor": [measured],
                                "prometheus": [self.prometheus.address]}
        self.prometheus.alertmanagers = [self.alertmanager.address]
        staging = re.search(r"^```yaml\n(# rules.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)[1]
        for name, text in (("production.yml", RULES), ("staging.yml", staging)):
            (self.guard.directory / name).write_text(shortened(text))
        self._install_commands()
        self.guard.configuration = {
            "prometheus": {"url": self.prometheus.url}, "alertmanager": {"urls": [self.alertmanager.url], "warm_up": "1s"},
            "rule_files": ["production.yml", "staging.yml"],
            "hooks": [{"name": "promote_to_prod", "command": {
                           "argv": ["./scripts/promote_to_prod.sh", "{{ previous_version }}", "rollback"],
                           "rehearse": ["/bin/echo", "{{ previous_version }} is there"],
                           "dir": str(self.production.deploy_directory)}},
                      {"name": "promote_to_staging", "command": {"argv": ["/bin/true"]}}]}

    def _install_commands(self):
        (self.guard.directory / "bin").mkdir()
        (self.guard.directory / "bin" / "release-guard").symlink_to(BINARY)
        (self.production.deploy_directory / "scripts").mkdir()
        (self.production.deploy_directory / "scripts" / "promote_to_prod.sh").symlink_to(self.production.script)
        (self.production.deploy_directory / "rules").symlink_to(ROOT / "rules")


@pytest.fixture
def setting(stack):
    with Slack() as slack, Dial(**MEASURED) as dial:
        yield Setting(stack, slack, dial.address)


def test_every_command_does_what_the_table_says(setting):
    _before_the_release(setting)
    _the_release(setting)
    _the_freeze(setting)
    _rollbacks(setting)
    assert COMMANDS - setting.ran == set()


def _before_the_release(setting):
    guard = setting.guard
    guard.run("release", "start", "--service", "meme-maker", "--environment", "staging", "--version", "v0.9.3",
              "--previous-version", "v0.9.2", "--id", "before-staging")
    setting.good("release-guard release signal before-staging e2e succeeded")
    guard.wait_phase("before-staging", "passed")
    setting.good(f"release-guard release start {PLACE} --version v0.9.3 --previous-version v0.9.2 --id before")

    gate = f"release-guard gate {PLACE} --version v1.0.0"
    refused = setting.bash(gate)
    assert refused.code == 1 and "no release of v1.0.0 to staging is known" in refused.text
    setting.good('release-guard release start --service meme-maker --environment staging --version v1.0.0 --id "$staging"')
    setting.good("release-guard preflight --service meme-maker --environment staging --look-only",
                 "error_rate", "latency_p95", "alerts")
    setting.good('release-guard release signal "$staging" e2e succeeded')
    guard.wait_phase("v1.0.0-staging", "passed")
    wait_until(lambda: setting.bash(gate).code == 0, "it has stood in staging for long enough")

    preflight = f"release-guard preflight {PLACE} --version v1.0.0"
    said = setting.good(preflight)
    for line in re.findall(r"`([a-z_]+(?: \(last 24h\)| promote_to_prod)?)`",
                           " ".join(how for _, _, how in LINES if f"`{preflight}`" in how)):
        assert re.search(rf"^\s*[✓?]\s+{re.escape(line)}\s", said, re.MULTILINE), f"no line {line} in\n{said}"
    setting.good(f"{preflight} --message")
    setting.slack.wait_title("#deployments", "A test message: a preflight of meme-maker in production asked for it. Nothing is to be done.")
    setting.good(f"release-guard preflight {PLACE} --look-only", "certificate_left", "targets")
    setting.good("release-guard test rules/meme-maker.test.yml")


def _the_release(setting):
    setting.production.green.deploy("v1.0.0")
    running = setting.start(f'release-guard run --id "$id" {PLACE} --version v1.0.0 -- ./scripts/promote_to_prod.sh v1.0.0')
    wait_until(lambda: setting.guard.call("GET", "/api/v1/releases/v1.0.0-live").status == 200, "it is announced")
    setting.guard.wait_phase("v1.0.0-live", "watching")
    assert setting.production.live_version() == "v1.0.0"
    setting.good('release-guard release signal "$id" e2e succeeded')
    setting.good('release-guard release status "$id" --explain', "error_rate", "latency_p95", "queue_depth", "cpu", "memory",
                 "traffic", "instances_up")
    setting.good(f"release-guard release status {PLACE}", "meme-maker v1.0.0 in production")
    setting.good(f"release-guard release list {PLACE}", "v1.0.0", "v0.9.3")
    setting.good('release-guard release status "$id" --wait --timeout 3h', "passed")
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0, out
    setting.good('release-guard release report "$id"', "error_rate")
    setting.good('release-guard release report "$id" --format html', "<html")
    setting.good("release-guard report --since 24h", "v1.0.0", "passed")
    setting.good("release-guard report --since 24h --format md", "v1.0.0")
    setting.good("release-guard figures --since 30d", "meme-maker")
    told = " ".join(setting.slack.titles("#deployments"))
    assert "meme-maker v1.0.0" in told


def _the_freeze(setting):
    setting.good("release-guard freeze list", "v1.0.0 went live in production")
    refused = setting.bash(f"release-guard release start {PLACE} --version v1.1.0")
    assert refused.code == 1 and "releases are frozen until" in refused.text
    fix = setting.good(f"release-guard release start {PLACE} --version v1.0.1 --kind hotfix --phase deploying").split()[0]
    setting.good(f"release-guard release abort {fix}")
    setting.good('release-guard release rollback "$staging" --reason "a drill"')
    setting.good("release-guard release start --service meme-maker --environment staging --version v1.0.1 "
                 "--previous-version v1.0.0")


def _rollbacks(setting):
    guard = setting.guard
    setting.good('release-guard release rollback "$id" --to v0.9.3')
    guard.wait_phase("v1.0.0-live", "rolled_back")
    assert setting.production.live_version() == "v0.9.3"
    for number, order in enumerate(('release-guard release rollback "$id" --reason "customers complain"',
                                    f'release-guard release rollback {PLACE} --reason "customers complain"',
                                    'release-guard release signal "$id" e2e failed')):
        setting.variables["id"] = f"again-{number}"
        setting.good(f'release-guard release start {PLACE} --version v1.0.{2 + number} --kind hotfix --id "$id"')
        setting.good(order)
        guard.wait_phase(f"again-{number}", "rolled_back")
    wait_until(lambda: setting.slack.titles("#incidents"), "#incidents is told")


def test_every_line_has_one_of_the_three_answers():
    for line, answer, how in LINES:
        assert answer in ANSWERS and how, line
        assert (answer == "command") <= bool([span for span in spans(how) if span in COMMANDS]), line


def test_what_is_done_by_itself_names_what_does_it():
    groups = yaml.safe_load(RULES)["groups"]
    known = {rule["slo"] for group in groups for rule in [*group["rules"], *group["preflight"]]}
    known |= set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "reference.md").read_text(), re.MULTILINE))
    known |= {alert["alertname"] for alert in yaml.safe_load((ROOT / "alertmanager" / "pushed-alerts.yml").read_text())}
    known |= set(re.findall(r"RELEASE_GUARD_\w+", (ROOT / "docs" / "pipelines.md").read_text()))
    for line, answer, how in LINES:
        if answer == "by itself":
            assert set(spans(how)) & known, line


def test_it_counts_right():
    said = re.search(r"Of these (\d+) lines (\d+) are done by itself and (\d+) by a command; (\d+) are not", DOCUMENT)
    answers = [answer for _, answer, _ in LINES]
    assert list(map(int, said.groups())) == [len(answers), *(answers.count(answer) for answer in ANSWERS)]
