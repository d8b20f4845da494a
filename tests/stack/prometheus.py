# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus."""

import shutil
from urllib.parse import urlencode

import yaml

from stack.http import get, get_json, request
from stack.server import Server, program


class Prometheus(Server):
    """jobs: job name -> targets, each "host:port" or ("host:port", {label: value}).
    rules: texts of rule files. alertmanagers: addresses that alerts are sent to. tokens: job name -> file with the
    bearer token its targets ask for. features: what it is told to enable. prefix: the path below which it serves, as
    "/prometheus"; alertmanager_prefix: that of the Alertmanagers.
    """

    name = "prometheus"

    def __init__(self, directory, jobs=(), rules=(), alertmanagers=(), interval="1s", name=None, prefix="", features=()):
        super().__init__(directory, name)
        self.prefix = prefix
        self.features = list(features)
        self.alertmanager_prefix = ""
        self.interval = interval
        self.alertmanagers = list(alertmanagers)
        self.jobs = dict(jobs)
        self.rules = list(rules)
        self.tokens = {}

    @property
    def url(self):
        return super().url + self.prefix

    def argv(self):
        return [program("prometheus"), "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                f"--web.external-url={self.url}",
                f"--web.listen-address={self.address}", "--web.enable-lifecycle", "--log.level=warn",
                # An alert that resolves is told at once, not at the next minute.
                "--rules.alert.resend-delay=1s",
                *[f"--enable-feature={feature}" for feature in self.features]]

    def ready(self):
        return get(f"{self.url}/-/ready").status == 200

    def launch(self):
        self.write_configuration()
        return super().launch()

    def write_configuration(self):
        names = []
        for number, text in enumerate(self.rules):
            names.append(f"rules-{number}.yml")
            (self.directory / names[-1]).write_text(text)
        (self.directory / "prometheus.yml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": self.interval, "scrape_timeout": self.interval,
                       "evaluation_interval": self.interval},
            "rule_files": names,
            "alerting": {"alertmanagers": [{"path_prefix": f"{self.alertmanager_prefix}/",
                                            "static_configs": [{"targets": self.alertmanagers}]}]},
            "scrape_configs": [self._scrape(job, targets) for job, targets in self.jobs.items()],
        }, sort_keys=False))

    def reload(self):
        self.write_configuration()
        answer = request("POST", f"{self.url}/-/reload")
        assert answer.status == 200, answer.text

    def forget(self):
        """Removes what was stored; call it while stopped."""
        shutil.rmtree(self.directory / "data", ignore_errors=True)

    def query(self, expression, at=None):
        """The result vector of an instant query: [(labels, value)]; a scalar is one entry without labels."""
        parameters = {"query": expression, **({"time": at} if at is not None else {})}
        data = get_json(f"{self.url}/api/v1/query?{urlencode(parameters)}")["data"]
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    def value(self, expression):
        """The value of an expression that gives one series, or None where it gives none."""
        result = self.query(expression)
        assert len(result) < 2, f"{expression} gives {len(result)} series"
        return result[0][1] if result else None

    def up(self, job):
        """The number of this job's targets that were scraped last time."""
        return self.value(f'sum(up{{job="{job}"}})') or 0

    def _scrape(self, job, targets):
        groups = []
        for target in targets:
            address, labels = target if isinstance(target, tuple) else (target, {})
            groups.append({"targets": [address], "labels": labels})
        token = {"authorization": {"credentials_file": str(self.tokens[job])}} if job in self.tokens else {}
        return {"job_name": job, "static_configs": groups, **token}
