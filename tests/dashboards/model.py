# SPDX-License-Identifier: Apache-2.0
"""The dashboards as the tests look at them: panels, queries, variables. Queries come out with variables filled in."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "dashboards"
FILES = sorted(FOLDER.glob("*.json"))
HERE = Path(__file__).resolve().parent

# What stands for a variable where nobody cares which value it has. The range of rates is one no dashboard writes by
# hand, so that it can be told from a fixed one.
ANY = {"datasource": "prometheus", "job": ".+", "instance": ".+", "service": "shop", "environment": "production",
       "slo": ".+", "release": ".+", "__rate_interval": "211s", "__interval": "15s", "__range": "1d"}
VARIABLE = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))")


def fill(text, values):
    """The text with every $variable replaced; KeyError for one that nobody defines."""
    return VARIABLE.sub(lambda match: values[match[1] or match[2]], text)


@dataclass(frozen=True)
class Query:
    dashboard: str
    place: str       # "panel Phase, A" or "annotation Live"
    expression: str  # as written

    def __str__(self):
        return f"{self.dashboard}: {self.place}"

    def filled(self, values):
        return fill(self.expression, values)


class Dashboard:
    def __init__(self, path):
        self.name = path.name
        self.json = json.loads(path.read_text("utf-8"))

    @property
    def panels(self):
        """Every panel but the rows that only group them; what a collapsed row holds is among them."""
        inner = [panel for row in self.json["panels"] for panel in row.get("panels", [])]
        return [panel for panel in [*self.json["panels"], *inner] if panel["type"] != "row"]

    @property
    def variables(self):
        return self.json["templating"]["list"]

    @property
    def annotations(self):
        """Those that ask Prometheus."""
        return [annotation for annotation in self.json["annotations"]["list"] if not annotation.get("builtIn")]

    def queries(self):
        for panel in self.panels:
            for target in panel["targets"]:
                yield Query(self.name, f"panel {panel['title']}, {target['refId']}", target["expr"])
        for annotation in self.annotations:
            yield Query(self.name, f"annotation {annotation['name']}", annotation["expr"])


ALL = [Dashboard(path) for path in FILES]
QUERIES = [query for dashboard in ALL for query in dashboard.queries()]


def parse(expressions):
    """What promql.mjs finds in each expression, variables already filled in."""
    done = subprocess.run(["node", HERE / "promql.mjs"], input=json.dumps(expressions), capture_output=True, text=True,
                          timeout=60, check=True)
    return json.loads(done.stdout)


def metrics_of(parsed):
    """The names of the metrics that a parsed expression reads; a regular expression of names counts as each."""
    names = set()
    for selector in parsed["selectors"]:
        if selector["name"]:
            names.add(selector["name"])
        for label, _operator, value in selector["matchers"]:
            if label == "__name__":
                names.update(_alternatives(value))
    return names


def _alternatives(expression):
    match = re.fullmatch(r"(\w+)\(([\w|]+)\)", expression)
    return {match[1] + ending for ending in match[2].split("|")} if match else {expression}
