# SPDX-License-Identifier: Apache-2.0
"""What tools that know Prometheus find at a guard: OpenMetrics and gzip on request, status, flags, rules."""

import gzip
import subprocess

import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as text_metrics

from shop import E2E, ERRORS, ShopGuard, group
from stack import Guard, Prometheus, get_json, request, wait_until
from stack.guard import BINARY
from stack.server import ROOT

OPEN = "application/openmetrics-text; version=1.0.0"
# As Prometheus 2.42 asks.
SCRAPE = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
# What counts on while nothing happens to a release.
RESTLESS = ("process_", "release_guard_evaluations_total")
MARKER = "hush-this-is-the-marker"


def series(families):
    """{(name, labels): value} of all samples; bounds as numbers."""
    return {(sample.name, frozenset((name, str(float(value)) if name == "le" else value)
                                    for name, value in sample.labels.items())): sample.value
            for family in families for sample in family.samples}


def scraped(guard, accept="", encoding=""):
    return request("GET", f"{guard.url}/metrics", headers={"Accept": accept, "Accept-Encoding": encoding})


@pytest.fixture
def watching(stack, prometheus):
    guard = ShopGuard(stack, group(ERRORS, E2E, window="60s", mode="observe"), prometheus={"url": prometheus.url}).start()
    guard.watch("r1")
    wait_until(lambda: guard.rule("r1", "errors")["outcome"] == "ok", "the errors are read")
    return guard


def test_both_forms_say_the_same(watching):
    plain, opened, later = scraped(watching), scraped(watching, SCRAPE), scraped(watching)
    assert plain.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert opened.headers["Content-Type"] == f"{OPEN}; charset=utf-8"
    one, other, after = series(text_metrics(plain.text)), series(open_metrics(opened.text)), series(text_metrics(later.text))
    assert len(one) > 200 and one.keys() == other.keys()
    assert abs(one["release_guard_clock_skew_seconds", frozenset({("server", "prometheus")})]) < 60
    # The guard reads on between two looks, and an end counted by one clock and told by another is some milliseconds off.
    steady = [key for key in one if one[key] == after[key] and not key[0].startswith(RESTLESS)]
    assert len(steady) > 150
    assert {key: other[key] for key in steady} == pytest.approx({key: one[key] for key in steady}, abs=0.5)
    units = {family.name: family.unit for family in open_metrics(opened.text)}
    assert units["process_cpu_seconds"] == "seconds" and units["process_resident_memory_bytes"] == "bytes"


def test_gzip_is_for_who_takes_it(watching):
    packed = scraped(watching, OPEN, "gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(gzip.decompress(packed.body)) / 4
    assert gzip.decompress(packed.body).endswith(b"\n# EOF\n")
    assert "Content-Encoding" not in scraped(watching, OPEN, "gzip;q=0").headers
    head = request("HEAD", f"{watching.url}/metrics", headers={"Accept": OPEN, "Accept-Encoding": "gzip"})
    assert head.status == 200 and head.body == b"" and head.headers["Content-Encoding"] == "gzip"


def kept_by(scraper):
    """As series() gives it, what a Prometheus has of the guard it scrapes."""
    kept = {}
    for entry in get_json(f"{scraper.url}/api/v1/query?query=%7Bjob%3D%22guard%22%7D")["data"]["result"]:
        name = entry["metric"].pop("__name__")
        labels = {key: str(float(value)) if key == "le" else value for key, value in entry["metric"].items()
                  if key not in ("job", "instance")}
        kept[name, frozenset(labels.items())] = float(entry["value"][1])
    return kept


def test_prometheus_asks_for_open_metrics_by_itself_and_loses_no_series(stack, watching):
    scraper = stack.add(Prometheus(stack.directory, {"guard": [watching.address]}, name="scraper"))
    wait_until(lambda: scraper.value('release_guard_build_info{job="guard"}') == 1, "the guard is scraped")
    metadata = get_json(f"{scraper.url}/api/v1/metadata")["data"]
    assert metadata["process_cpu_seconds"][0] == {
        "type": "counter", "unit": "seconds", "help": "Processor time used, user and system."}, "units come with OpenMetrics"

    def same():
        told, kept = series(text_metrics(scraped(watching).text)), kept_by(scraper)
        assert told.keys() <= kept.keys()
        return all(kept[key] == told[key] for key in told if key[0].endswith("_total") and not key[0].startswith(RESTLESS))
    wait_until(same, "Prometheus keeps what the guard tells")


def test_the_process_is_told_whole(watching):
    families = list(open_metrics(scraped(watching, OPEN).text))
    names = {family.name for family in families}
    assert [family.samples[0].value > 0 for family in families if family.name == "process_heap_bytes"] == [True]
    assert {"process_cpu_seconds", "process_open_fds", "process_max_fds", "process_virtual_memory_bytes",
            "process_virtual_memory_max_bytes", "process_resident_memory_bytes", "process_heap_bytes",
            "process_start_time_seconds", "process_threads", "process_network_receive_bytes",
            "process_network_transmit_bytes"} <= names


def data(guard, path, token=None):
    answer = get_json(f"{guard.url}/api/v1/{path}", token)
    assert answer["status"] == "success"
    return answer["data"]


def test_status_says_how_it_was_started_and_runs(watching):
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    build = data(watching, "status/buildinfo")
    assert version.startswith(f"release-guard {build['version']}\n") and build["compiler"] in version
    flags = data(watching, "status/flags")
    assert flags["config.file"] == str(watching.config_file) and flags["storage.retention"] == "90d"
    running = data(watching, "status/runtimeinfo")
    assert running["reloadConfigSuccess"] and running["storageRetention"] == "90d"
    watching.write_rules({"name": 3})
    assert watching.call("POST", "/-/reload").status == 500
    assert not data(watching, "status/runtimeinfo")["reloadConfigSuccess"]
    assert data(watching, "status/runtimeinfo")["lastConfigTime"] == running["lastConfigTime"]


def test_what_it_says_has_the_names_that_prometheus_gives_it(stack, watching):
    rules = "groups: [{name: g, rules: [{alert: a, expr: vector(1), annotations: {summary: s}}]}]"
    real = stack.add(Prometheus(stack.directory, rules=[rules], name="real"))
    wait_until(lambda: data(real, "rules")["groups"][0]["rules"][0]["alerts"], "the alert fires")
    watching.signal_e2e("r1", "failed")
    wait_until(lambda: watching.rule("r1", "e2e")["verdict"] == "breached", "the objective is broken")
    its, ours = data(real, "rules")["groups"][0], data(watching, "rules")["groups"][0]
    assert ours.keys() <= its.keys()
    broken = next(rule for rule in ours["rules"] if rule["name"] == "e2e")
    assert broken.keys() <= its["rules"][0].keys()
    assert broken["alerts"][0].keys() == its["rules"][0]["alerts"][0].keys()
    assert data(watching, "status/flags").keys() & data(real, "status/flags").keys() >= {"config.file", "log.level"}
    assert data(watching, "status/runtimeinfo").keys() - {"hostname", "serverTime"} <= data(real, "status/runtimeinfo").keys()
    assert data(watching, "status/config").keys() == data(real, "status/config").keys()


def test_rules_tell_which_release_breaks_them(watching):
    def told(name):
        group = data(watching, "rules")["groups"][0]
        return next(rule for rule in group["rules"] if rule["name"] == name)
    errors = told("errors")
    assert (errors["query"], errors["state"], errors["health"]) == ("errors", "inactive", "ok")
    assert errors["annotations"]["objective"] == "< 1%"
    watching.signal_e2e("r1", "failed")
    broken = wait_until(lambda: told("e2e")["state"] == "firing" and told("e2e"), "the objective is broken")
    assert broken["alerts"][0]["labels"]["release"] == "r1"


def test_it_serves_its_own_description(watching):
    served = request("GET", f"{watching.url}/api/v1/openapi.yaml")
    assert served.headers["Content-Type"] == "application/yaml"
    assert served.text == (ROOT / "guard/api/openapi.yaml").read_text()


def test_no_secret_is_shown(stack):
    guard = stack.adopt(Guard(stack.directory, None))
    (guard.directory / "undo.sh").write_text("#!/bin/sh\n")
    (guard.directory / "undo.sh").chmod(0o755)
    (guard.directory / "rules.yml").write_text(yaml.safe_dump({"groups": [group(E2E), group({**E2E}, name="b", match=["service=\"b\""], hook="api")]}))
    files = {name: str(guard.write_token(name, f"{MARKER}-{name}")) for name in ("operator", "password", "signing", "github")}
    guard.configuration = {
        "prometheus": {"url": "http://127.0.0.1:9/mimir", "params": {"key": MARKER}, "headers": {"X-Scope-OrgID": MARKER},
                       "basic_auth": {"username": "guard", "password_file": files["password"]}},
        "alertmanager": {"urls": ["http://127.0.0.1:9"], "headers": {"X-Key": MARKER},
                         "authorization": {"credentials_file": files["password"]}},
        "rule_files": ["rules.yml"],
        "hooks": [{"name": "undo", "command": {"argv": ["./undo.sh", MARKER], "rehearse": ["./undo.sh", f"--key={MARKER}"]}},
                  {"name": "api", "http": {"url": f"http://127.0.0.1:9/{MARKER}?key={MARKER}", "headers": {"X-Key": MARKER},
                                           "rehearse": f"http://127.0.0.1:9/{MARKER}", "secret_file": files["signing"]}}],
        "tokens": [{"name": "operator", "role": "operate", "token_file": files["operator"]}],
        "events": {"github": {"secret_file": files["github"]}}}
    guard.start()
    token = f"{MARKER}-operator"
    shown = yaml.safe_load(data(guard, "status/config", token)["yaml"])
    assert shown["prometheus"]["params"] == {"key": "<secret>"}
    assert shown["hooks"][1]["http"]["url"] == "http://127.0.0.1:9/<secret>"
    assert shown["hooks"][0]["command"]["argv"] == ["./undo.sh", "<secret>"]
    assert shown["tokens"] == [{"name": "operator", "role": "operate", "token_file": files["operator"]}]
    for path in ("api/v1/status/config", "api/v1/status/flags", "api/v1/status/runtimeinfo", "api/v1/status/buildinfo",
                 "api/v1/rules", "api/v1/openapi.yaml", "api/v1/in_force", "metrics"):
        answer = request("GET", f"{guard.url}/{path}", token=token)
        assert answer.status == 200 and MARKER not in answer.text, path
