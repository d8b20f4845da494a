# SPDX-License-Identifier: Apache-2.0
"""Imported alerts beside the alerts themselves: a Prometheus evaluates both, and they break together."""

import json
import re
import subprocess

import pytest
import yaml

from stack import Dial, Prometheus, wait_until
from stack.guard import BINARY
from stack.server import ROOT

# series -> value
METRICS = {"low": 1, "high": 100, 'by_pod{pod="a"}': 1, 'by_pod{pod="b"}': 100, 'limit{pod="a"}': 50,
           'limit{pod="b"}': 50, 'paused{pod="b"}': 1, "used_bytes": 3 * 1024 ** 3, "age_seconds": 7200,
           "errors_ratio": 0.05}

# Each is alerting now, or is not.
FIRING = ["max(high) > 5", "max(high) >= 100", "max(low) < 2", "1 >= max(low)", "max(low) == 1", "max(low) != 2",
          "high > 2 * 50 - 1", "by_pod > 50", "by_pod > on (pod) limit", "by_pod < on (pod) limit", "by_pod != limit",
          "max(high) > 5 and max(low) < 2", "by_pod > 50 and on (pod) paused == 1", "by_pod < 5 unless on (pod) paused",
          "0 < max(low) < 5", "100 * max(errors_ratio) > 4", "max(used_bytes) > 2 * 1024 ^ 3", "max(age_seconds) > 3600",
          "max(errors_ratio) > 0.01", "1 - max(errors_ratio) < 0.99", "count(by_pod > 50) > 0",
          "max(high) > 5 and max(high) > 6 and max(low) < 2", "-max(high) < -5", "(max(high) > bool 5) == 1"]
QUIET = ["max(high) > 100", "max(high) >= 101", "max(low) < 1", "2 <= max(low)", "max(low) == 2", "max(low) != 1",
         "high > 2 * 50", "by_pod > 500", "by_pod / 4 > on (pod) limit", "max(by_pod) < min(limit)",
         "by_pod > 50 unless on (pod) paused", "0 < max(low) < 1", "100 * max(errors_ratio) > 6",
         "max(used_bytes) > 3 * 1024 ^ 3", "max(age_seconds) > 7200", "max(errors_ratio) > 0.05",
         "1 - max(errors_ratio) < 0.95", "max(high) > 5 and max(low) > 2", "by_pod < 5 and on (pod) paused == 1"]


def alerts_of(expressions, prefix):
    return [{"alert": f"{prefix}{number}", "expr": expr, "labels": {"severity": "critical"}}
            for number, expr in enumerate(expressions)]


ALERTS = yaml.safe_dump({"groups": [{"name": "all", "rules": alerts_of(FIRING, "Firing") + alerts_of(QUIET, "Quiet")}]},
                        sort_keys=False)


def run(folder, *arguments):
    return subprocess.run([BINARY, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def prometheus(stack):
    with Dial(**METRICS) as dial:
        server = stack.adopt(Prometheus(stack.directory, {"app": [dial.address]}, rules=[ALERTS]))
        server.start()
        wait_until(lambda: server.query("max_over_time(low[1m])"), "the metrics were scraped")
        yield server


def test_an_imported_alert_is_broken_just_where_the_alert_fires(stack, prometheus):
    (stack.directory / "alerts.yml").write_text(ALERTS)
    done = run(stack.directory, "import", "alerts.yml", "-o", "imported.yml")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("release-guard: 43 rules"), done.stderr

    expected = {f"Firing{number}" for number in range(len(FIRING))}
    wait_until(lambda: {labels["alertname"] for labels, _ in prometheus.query('ALERTS{alertstate="firing"}')} == expected,
               "the alerts fire that should")

    done = run(stack.directory, "check", "--format=json", f"--prometheus.url={prometheus.url}", "imported.yml")
    answer = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {item["rule"] for item in answer["diagnostics"] if item["name"] == "already-broken"}
    assert found == expected
    others = [item for item in answer["diagnostics"] if item["name"] not in ("already-broken", "no-series")]
    assert others == []


def test_what_is_written_is_what_is_printed(stack):
    (stack.directory / "alerts.yml").write_text(ALERTS)
    printed = run(stack.directory, "import", "alerts.yml", "--from", "prometheus")
    run(stack.directory, "import", "alerts.yml", "--output", "imported.yml")
    assert printed.stdout == (stack.directory / "imported.yml").read_text()


def test_where_there_is_nothing_to_import_nothing_is_written(stack):
    (stack.directory / "other.yml").write_text("kind: Service\napiVersion: v1\nmetadata: { name: shop }\n")
    done = run(stack.directory, "import", "other.yml", "-o", "imported.yml")
    assert done.returncode == 1
    assert "other.yml:1:1: warning: rule \"Service\": nothing that is imported is recognised in it" in done.stderr
    assert done.stderr.endswith("nothing in these files becomes a rule, so no file is written\n")
    assert not (stack.directory / "imported.yml").exists()


def test_the_documentation_shows_what_becomes_of_its_alerts(stack):
    alerts, rules = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs" / "importing.md").read_text(), re.M | re.S)[:2]
    (stack.directory / "alerts.yml").write_text(alerts)
    assert run(stack.directory, "import", "alerts.yml").stdout == rules.removeprefix("# rules: imported.yml\n")
