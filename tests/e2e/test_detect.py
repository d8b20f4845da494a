# SPDX-License-Identifier: Apache-2.0
"""Releases that nobody announces, found in the metrics of a real Prometheus."""

import re

import pytest

from shop import E2E, ShopGuard, group
from stack import Dial, Prometheus, get_json, wait_until
from stack.server import ROOT

MATCH = ('service="shop"', 'environment="production"')
ERRORS = {"slo": "errors", "expr": "errors", "objective": "< 1%", "for": "1s"}


class Versions(Dial):
    """An exporter that says which versions run: how many instances of each."""

    def __init__(self, **counts):
        super().__init__(errors=0)
        self.run(**counts)

    def run(self, **counts):
        for version, count in counts.items():
            self.set(f'app_instances{{version="{version}"}}', count)


@pytest.fixture
def app():
    with Versions(v1=3) as shown:
        yield shown


@pytest.fixture
def prometheus(stack, app):
    running = stack.add(Prometheus(stack.directory, {"shop": [app.address]}))
    wait_until(lambda: running.value("sum(app_instances)") == 3, "Prometheus has scraped")
    return running


def detecting(stack, prometheus, *rules, **keys):
    found = {**group(*(rules or (E2E,)), match=MATCH, **{"window": "40s", **keys}),
             "detect": {"expr": "sum by (version) (app_instances)"}}
    return ShopGuard(stack, found, prometheus={"url": prometheus.url})


def releases(guard):
    return get_json(f"{guard.url}/api/v1/releases")["releases"]


def wait_for_release(guard, version, count=1):
    def there():
        known = releases(guard)
        return next((release for release in known if release["version"] == version), None) if len(known) == count else None
    return wait_until(there, f"release {count}, of {version}, is found")


def wait_until_known(guard):
    """Until the guard has read what runs now often enough to know it."""
    wait_until(lambda: "nobody can tell" not in guard.log.read_text() and reads(guard) > 5, "what runs is read")


def reads(guard):
    return float(re.search(r"^release_guard_query_duration_seconds_count (\S+)$", guard.call("GET", "/metrics").text,
                           re.MULTILINE).group(1))


def test_a_version_that_changes_is_a_release_and_is_rolled_back_once(stack, prometheus, app):
    guard = detecting(stack, prometheus, ERRORS).start()
    wait_until_known(guard)
    assert releases(guard) == [], "what is there at first is no release"
    app.run(v1=3, v2=3)
    before = reads(guard)
    wait_until(lambda: reads(guard) > before + 5, "both are seen")
    assert releases(guard) == [], "while both are up, the old one stays"
    app.run(v1=0, v2=3)
    found = wait_for_release(guard, "v2")
    assert (found["previous_version"], found["labels"], found["kind"]) == ("v1", {"detected": "true"}, "feature")
    app.set("errors", 0.5)
    guard.wait_phase(found["id"], "verifying")
    app.run(v1=3, v2=0)
    app.set("errors", 0)
    guard.wait_phase(found["id"], "rolled_back")
    assert len(guard.keys()) == 1
    assert len(releases(guard)) == 1, "its rollback is none"


def test_a_version_that_changes_while_no_guard_runs_is_found(stack, prometheus, app):
    guard = detecting(stack, prometheus).start()
    wait_until_known(guard)
    guard.kill()
    app.run(v1=0, v2=3)
    wait_until(lambda: prometheus.value('app_instances{version="v2"}') == 3, "Prometheus has scraped")
    guard.start()
    assert wait_for_release(guard, "v2")["previous_version"] == "v1"
    guard.kill()
    guard.start()
    before = reads(guard)
    wait_until(lambda: reads(guard) > before + 3, "it is read again")
    assert len(releases(guard)) == 1, "and only once"


def test_what_a_pipeline_announces_is_not_found_again(stack, prometheus, app):
    guard = detecting(stack, prometheus).start()
    wait_until_known(guard)
    assert guard.announce("r1", phase="deploying").status == 201
    app.run(v1=0, v2=3)
    wait_until(lambda: prometheus.value('app_instances{version="v2"}') == 3, "Prometheus has scraped")
    before = reads(guard)
    wait_until(lambda: reads(guard) > before + 4, "it is read")
    guard.order("r1", "live")
    assert [release["id"] for release in releases(guard)] == ["r1"]
    app.run(v2=0, v3=3)
    found = wait_for_release(guard, "v3", 2)
    late = guard.announce("r2", version="v3", previous_version="v2")
    assert late.status == 201, late.text
    assert late.json()["live_at"] == guard.release(found["id"])["live_at"]
    assert guard.release(found["id"])["phase"] == "superseded"


def test_a_prometheus_that_is_away_changes_nothing_and_is_told(stack, prometheus, app):
    guard = detecting(stack, prometheus).start()
    wait_until_known(guard)
    prometheus.kill()
    wait_until(lambda: "what runs of rule group" in guard.call("GET", "/-/ready").text, "it is told")
    assert re.search(r"^release_guard_detection_blind{.*} 1$", guard.call("GET", "/metrics").text, re.MULTILINE)
    app.run(v1=0, v2=3)
    prometheus.start()
    assert wait_for_release(guard, "v2")["previous_version"] == "v1"
    wait_until(lambda: "what runs of rule group" not in guard.call("GET", "/-/ready").text, "it is over")


def test_check_says_what_the_server_does_not_tell(stack, prometheus):
    guard = detecting(stack, prometheus)
    guard.write_configuration()
    assert "ok: 1 group, 1 rule, 1 hook" in guard.run("check", f"--config.file={guard.config_file}").stdout
    for expr, said in (("sum(app_instances)", "a series has no label `version`"),
                       ("count by (version) (app_inf)", "[no-series]")):
        guard.write_rules({**group(E2E, match=MATCH), "detect": {"expr": expr}})
        checked = guard.run("check", f"--config.file={guard.config_file}")
        assert checked.returncode == 0 and said in checked.stdout, checked.stdout


def test_the_document_is_tried_as_pasted(stack):
    """Its rules find a release in metrics of the names that it gives."""
    text = next(text for text in re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs/pipelines.md").read_text(), re.M | re.S)
                if text.startswith("# rules/shop.yml"))
    with Versions() as app:
        app.set('app_info{version="1.4.2"}', 1)
        app.set('http_requests_total{status="200"}', 100)
        prometheus = stack.add(Prometheus(stack.directory, {"shop": [app.address]}))
        wait_until(lambda: prometheus.value("count(app_info)") == 1, "Prometheus has scraped")
        guard = ShopGuard(stack, group(E2E), prometheus={"url": prometheus.url})
        (guard.directory / "rules.yml").write_text(text.replace("interval: 10s", "interval: 1s").replace("settle: 1m", "settle: 0s"))
        guard.start()
        wait_until_known(guard)
        app.remove('app_info{version="1.4.2"}')
        app.set('app_info{version="1.4.3"}', 1)
        assert wait_for_release(guard, "1.4.3")["previous_version"] == "1.4.2"
