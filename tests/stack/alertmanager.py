# SPDX-License-Identifier: Apache-2.0
"""A real Alertmanager, by default with the configuration this project ships."""

import subprocess
from datetime import datetime, timezone

import yaml

from stack.http import get, get_json, post_json
from stack.server import ROOT, UNPACKED, Server, environment, program

SHIPPED = ROOT / "alertmanager" / "alertmanager.yml"


def shipped_configuration(webhook_url, credentials_file, interval="1s", slack=None):
    """The shipped configuration, sent to this guard, with its waits shortened.

    slack: channel -> file with the address its messages go to; without it nobody is told by Slack.
    """
    configuration = yaml.safe_load(SHIPPED.read_text())
    configuration["templates"] = [str(SHIPPED.parent / pattern) for pattern in configuration["templates"]]
    for receiver in configuration["receivers"]:
        for webhook in receiver.get("webhook_configs", []):
            webhook["url"] = webhook_url
            webhook["http_config"]["authorization"]["credentials_file"] = str(credentials_file)
        for message in receiver.get("slack_configs", []):
            message["api_url_file"] = str((slack or {}).get(message["channel"]))
        if slack is None:
            receiver.pop("slack_configs", None)
    _shorten(configuration["route"], interval)
    return configuration


def _shorten(route, interval):
    if route.get("group_wait", "0s") != "0s":
        route["group_wait"] = interval
    if "group_interval" in route:
        route["group_interval"] = interval
    if route["receiver"] == "release-guard":
        route["repeat_interval"] = interval
    for child in route.get("routes", []):
        _shorten(child, interval)


def amtool(directory, *arguments):
    """Runs amtool in this directory; a CompletedProcess with text output."""
    link_templates(directory)
    return subprocess.run([program("amtool"), *map(str, arguments)], cwd=directory, env=environment(), text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)


def link_templates(directory):
    """The unpacked programs look for their templates in the working directory (see ./dev, relocate_alertmanager)."""
    templates = UNPACKED / "usr" / "share" / "prometheus" / "alertmanager"
    link = directory / "templates"
    if templates.is_dir() and not link.is_symlink():
        link.symlink_to(templates)


class Alertmanager(Server):
    """configuration: the content of alertmanager.yml as a value; may be set again before the start or a reload.
    prefix: the path below which it serves, as "/alertmanager".
    """

    name = "alertmanager"

    def __init__(self, directory, configuration=None, name=None, prefix=""):
        super().__init__(directory, name)
        self.prefix = prefix
        self.configuration = configuration or {"route": {"receiver": "none"}, "receivers": [{"name": "none"}]}

    @property
    def url(self):
        return super().url + self.prefix

    def argv(self):
        return [program("prometheus-alertmanager"), "--config.file=alertmanager.yml", "--storage.path=data",
                f"--web.external-url={self.url}",
                f"--web.listen-address={self.address}", "--cluster.listen-address=", "--log.level=warn"]

    def ready(self):
        return get(f"{self.url}/-/ready").status == 200

    def launch(self):
        link_templates(self.directory)
        (self.directory / "alertmanager.yml").write_text(yaml.safe_dump(self.configuration, sort_keys=False))
        return super().launch()

    def post(self, *alerts):
        """Posts alerts as Prometheus would: each {"labels": {...}, "annotations"?, "startsAt"?, "endsAt"?}."""
        post_json(f"{self.url}/api/v2/alerts", list(alerts))

    def resolve(self, labels):
        """Ends an alert as Prometheus does: now, naming the time at which it began."""
        known = get_json(f"{self.url}/api/v2/alerts")
        began = next(alert["startsAt"] for alert in known if alert["labels"] == labels)
        self.post({"labels": labels, "startsAt": began, "endsAt": datetime.now(timezone.utc).isoformat()})

    def silence(self, labels, until):
        """Silences what has these labels, as a person does."""
        matchers = [{"name": name, "value": value, "isRegex": False, "isEqual": True} for name, value in labels.items()]
        post_json(f"{self.url}/api/v2/silences", {
            "matchers": matchers, "startsAt": datetime.now(timezone.utc).isoformat(), "endsAt": until.isoformat(),
            "createdBy": "anna", "comment": "known"})

    def firing(self):
        """The label sets of the alerts that are active now."""
        alerts = get_json(f"{self.url}/api/v2/alerts?active=true&silenced=false&inhibited=false")
        return [alert["labels"] for alert in alerts]
