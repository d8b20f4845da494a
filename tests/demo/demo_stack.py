# SPDX-License-Identifier: Apache-2.0
"""All the parts of the demo: the production, Prometheus and Alertmanager that watch it, and the guard.

They stand as they do in the production that the shipped rules are written for: a FastAPI service on two colours behind
one front, Prometheus below /prometheus and Alertmanager below /alertmanager.
"""

import secrets
import shutil

import yaml

from stack import Alertmanager, Guard, Production, Prometheus, get_json, wait_until
from stack.alertmanager import shipped_configuration
from stack.backends import DEMO
from stack.past import invent_a_day
from stack.server import ROOT

BEFORE = "v0.9.3"   # what was live before the version that the demo begins with
ROLES = ("alertmanager", "prometheus", "pipeline", "operator")


class DemoStack:
    """Starts everything in this stack; ready when Prometheus has seen steady traffic. `slack` stands for the channels
    that people read.
    """

    def __init__(self, stack, slack):
        self.slack = slack
        self.before = BEFORE
        self.production = Production(stack, fastapi=True)
        self.production.green.deploy(BEFORE)
        self.alertmanager = stack.adopt(Alertmanager(stack.directory, prefix="/alertmanager"))
        self.prometheus = stack.adopt(Prometheus(stack.directory, prefix="/prometheus"))
        self.guard = stack.adopt(Guard(stack.directory, {}))
        self.tokens = {name: self.guard.write_token(f"{name}.token", secrets.token_urlsafe(24)) for name in ROLES}
        self._configure()
        invent_a_day(self.production, self.prometheus)
        for server in (self.alertmanager, self.prometheus, self.guard):
            server.start()
        # A preflight reads it as it was a moment ago, over a range: all of that was scraped then, not invented.
        wait_until(lambda: self._targets_up(" offset 7s") == sum(map(len, self.prometheus.jobs.values())),
                   "Prometheus has scraped everything for a while")
        wait_until(lambda: (self.requests_per_second(" offset 2s") or 0) > 15, "Prometheus sees the traffic")
        wait_until(lambda: get_json(f"{self.prometheus.url}/api/v1/alertmanagers")["data"]["activeAlertmanagers"],
                   "Prometheus knows its Alertmanager")

    def requests_per_second(self, ago=""):
        users = 'http_requests_total{job="meme-maker-backend",handler!~"/health|/metrics"}'
        return self.prometheus.value(f"sum(rate({users}[5s]{ago}))")

    def addresses(self):
        """What a person may want to open, by name."""
        return {"service": self.production.nginx.url, "prometheus": self.prometheus.url,
                "alertmanager": self.alertmanager.url, "guard": self.guard.url,
                "operator's token": str(self.tokens["operator"])}

    def _targets_up(self, ago):
        return self.prometheus.value(f"sum(up{ago})")

    def _configure(self):
        webhook = f"{self.guard.url}/api/v1/alertmanager"
        self.alertmanager.configuration = shipped_configuration(
            webhook, self.tokens["alertmanager"], slack=self.slack.address_files(self.alertmanager.directory))
        self.prometheus.rules = [path.read_text() for path in (
            DEMO / "alerts.rules.yml", ROOT / "alertmanager" / "release-guard-alerts.yml")]
        self.prometheus.alertmanagers = [self.alertmanager.address]
        self.prometheus.alertmanager_prefix = self.alertmanager.prefix
        metrics = {"__metrics_path__": f"{self.alertmanager.prefix}/metrics"}
        self.prometheus.jobs = {**self.production.jobs, "alertmanager": [(self.alertmanager.address, metrics)],
                                "release-guard": [self.guard.address]}
        self.prometheus.tokens = {"release-guard": self.tokens["prometheus"]}
        self.guard.configuration = self._guard_configuration()
        self.guard.token = self.tokens["operator"].read_text().strip()

    def _guard_configuration(self):
        shutil.copy(DEMO / "rules.yml", self.guard.directory)
        configuration = yaml.safe_load((DEMO / "release-guard.yml").read_text())
        configuration["prometheus"]["url"] = self.prometheus.url
        configuration["alertmanager"]["urls"] = [self.alertmanager.url]
        configuration["hooks"][0]["command"]["dir"] = str(self.production.deploy_directory)
        return configuration
