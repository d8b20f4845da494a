# SPDX-License-Identifier: Apache-2.0
"""All the parts of the demo: the production, Prometheus and Alertmanager that watch it, and the guard."""

import secrets
import shutil

import yaml

from stack import Alertmanager, Guard, Production, Prometheus, wait_until
from stack.alertmanager import shipped_configuration
from stack.backends import DEMO
from stack.server import ROOT

ROLES = ("alertmanager", "prometheus", "pipeline", "operator")


class DemoStack:
    """Starts everything in this stack; ready when Prometheus has seen steady traffic. `slack` stands for the channels
    that people read.
    """

    def __init__(self, stack, slack):
        self.slack = slack
        self.production = Production(stack)
        self.alertmanager = stack.adopt(Alertmanager(stack.directory))
        self.prometheus = stack.adopt(Prometheus(stack.directory))
        self.guard = stack.adopt(Guard(stack.directory, {}))
        self.tokens = {name: self.guard.write_token(f"{name}.token", secrets.token_urlsafe(24)) for name in ROLES}
        self._configure()
        for server in (self.alertmanager, self.prometheus, self.guard):
            server.start()
        wait_until(lambda: (self.requests_per_second() or 0) > 15, "Prometheus sees the traffic")

    def requests_per_second(self):
        return self.prometheus.value('sum(rate(http_requests_total{job="meme-maker-backend"}[5s]))')

    def addresses(self):
        """What a person may want to open, by name."""
        return {"service": self.production.nginx.url, "prometheus": self.prometheus.url,
                "alertmanager": self.alertmanager.url, "guard": self.guard.url,
                "operator's token": str(self.tokens["operator"])}

    def _configure(self):
        webhook = f"{self.guard.url}/api/v1/alertmanager"
        self.alertmanager.configuration = shipped_configuration(
            webhook, self.tokens["alertmanager"], slack=self.slack.address_files(self.alertmanager.directory))
        self.prometheus.rules = [path.read_text() for path in (
            DEMO / "alerts.rules.yml", ROOT / "alertmanager" / "release-guard-alerts.yml")]
        self.prometheus.alertmanagers = [self.alertmanager.address]
        self.prometheus.jobs = {**self.production.jobs, "alertmanager": [self.alertmanager.address],
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
