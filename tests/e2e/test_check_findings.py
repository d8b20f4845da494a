# SPDX-License-Identifier: Apache-2.0
"""`check` against a real Prometheus: what its answers tell against a rule, by name."""

import json
import subprocess

import pytest
import yaml

from shop import group
from stack import Prometheus, wait_until
from stack.guard import BINARY

# expression, objective, what more the rule says, what is found
RULES = [
    ("max(go_goroutines)", "< 100000", {}, "works"),
    ("avg(up)", "> 75%", {}, "works"),
    ("max(process_open_fds / process_max_fds)", "< 80%", {}, "works"),
    ("sum(rate(process_cpu_seconds_total[30s]))", "< 1000", {}, "works"),
    ("max(process_resident_memory_bytes)", "< 64GiB", {}, "works"),
    ("count(up == 0) or vector(0)", "< 1", {}, "works"),
    ("max(no_such_metric_at_all)", "< 1", {}, "no-series"),
    ('max(go_goroutines{job="nobody"})', "< 1000", {}, "no-series"),
    ("max(go_goroutines) and on() max(up > 5)", "< 1000", {}, "condition-in-expr, no-series"),
    ("prometheus_http_requests_total * 0", "< 1", {}, "raw-counter, several-series"),
    ("prometheus_http_requests_total * 0", "< 1", {"reduce": "max"}, "raw-counter"),
    ("sum by (handler) (rate(prometheus_http_requests_total[30s])) * 0", "< 1", {}, "several-series"),
    ("max(go_goroutines)", "< 1", {}, "already-broken"),
    ("max(go_goroutines)", "< 80%", {}, "wrong-unit"),
    ("process_resident_memory_bytes[1m]", "< 64GiB", {}, "not-a-value"),
    ("(process_resident_memory_bytes[30s])", "< 64GiB", {}, "not-a-value"),
    ("max(process_resident_memory_bytes) / 1024", "< 64GiB", {}, "wrong-unit"),
    ("up * on() group_left() prometheus_http_requests_total", "< 1", {}, "query-fails, raw-counter"),
    ("sum(rate(prometheus_http_requests_total[1s]))", "< 1", {}, "no-series, short-range"),
    ("absent(up)", "< 1", {}, "absence-in-expr, no-series"),
    ("vector(1)", "< 2", {}, "no-metric"),
    ('max(up{version="{{ version }}"})', ">= 1", {}, "works"),
]

TOOK = "prometheus_http_request_duration_seconds"
REQUESTS = "prometheus_http_requests_total"

# counters, objective, what is found
SHARES = [
    ({"good": f'{REQUESTS}{{code=~"[1-5].."}}', "total": REQUESTS}, "< 1%", "works"),
    ({"good": f'{TOOK}_bucket{{le="+Inf"}}', "total": f"{TOOK}_count"}, "< 1%", "works"),
    ({"bad": f'{REQUESTS}{{code=~"[1-5].."}}', "total": REQUESTS}, "< 1%", "already-broken"),
    ({"good": f'{TOOK}_bucket{{le="0.1"}}', "total": f'{TOOK}_bucket{{le="8"}}'}, "< 99%", "works"),
    ({"good": f"{TOOK}_bucket", "total": f"{TOOK}_count"}, "< 1%", "part-over-total"),
    ({"good": f'{TOOK}_bucket{{le="1"}}', "total": f'{TOOK}_bucket{{le=~"1|8"}}'}, "< 1%", "part-over-total"),
    ({"bad": "prometheus_tsdb_head_samples_appended_total", "total": REQUESTS}, "< 1%", "part-over-total"),
    ({"bad": f'{REQUESTS}{{status="500"}}', "total": REQUESTS}, "< 1%", "never-bad"),
    ({"bad": "no_such_failures_total", "total": REQUESTS}, "< 1%", "never-bad"),
    ({"bad": "no_such_failures_total", "total": "no_such_requests_total"}, "< 1%", "never-bad, no-series"),
    ({"good": f'{REQUESTS}{{status="200"}}', "total": REQUESTS}, "< 1%", "cannot-break"),
]


@pytest.fixture
def prometheus(stack):
    server = stack.adopt(Prometheus(stack.directory))
    server.jobs = {"self": [server.address]}
    server.start()
    wait_until(lambda: server.up("self"), "Prometheus has scraped itself")
    wait_until(lambda: server.query("count_over_time(up[1m]) >= 24"), "there are some scrapes")
    return server


def check(folder, *arguments):
    return subprocess.run([BINARY, "check", "--format=json", *arguments], cwd=folder, capture_output=True, text=True,
                          timeout=60, check=False)


def write(folder, rules):
    name = "looked.yml"
    (folder / name).write_text(yaml.safe_dump({"groups": [group(*rules, settle="1m", window="1h")]}, sort_keys=False))
    return name


def names(answer):
    """The names of what was found, by rule."""
    found = {}
    for item in answer["diagnostics"]:
        found.setdefault(item["rule"], set()).add(item["name"])
    return {rule: ", ".join(sorted(all_)) for rule, all_ in found.items()}


def test_what_a_server_answers_is_looked_at(stack, prometheus):
    rules = [{"slo": f"rule_{i}", "expr": expr, "objective": objective, **more}
             for i, (expr, objective, more, _) in enumerate(RULES)]
    done = check(stack.directory, f"--prometheus.url={prometheus.url}", write(stack.directory, rules))
    answer = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    found = names(answer)
    wrong = [(expr, expected, found.get(f"rule_{i}", "works")) for i, (expr, _, _, expected) in enumerate(RULES)
             if found.get(f"rule_{i}", "works") != expected]
    assert wrong == []
    assert answer["not_looked_at"] == [f"rule_{len(RULES) - 1}"]
    assert all(item["message"] and item["fix"] for item in answer["diagnostics"])


def test_a_share_is_looked_at_as_it_is_counted(stack, prometheus):
    rules = [{"slo": f"share_{i}", **counters, "objective": objective}
             for i, (counters, objective, _) in enumerate(SHARES)]
    name = write(stack.directory, rules)
    found = names(json.loads(check(stack.directory, f"--prometheus.url={prometheus.url}", name).stdout))
    wrong = [(counters, expected, found.get(f"share_{i}", "works")) for i, (counters, _, expected) in enumerate(SHARES)
             if found.get(f"share_{i}", "works") != expected]
    assert wrong == []


def test_bad_events_that_never_came_can_be_silenced(stack, prometheus):
    rule = {"slo": "failures", "bad": f'{REQUESTS}{{code="599"}}', "total": REQUESTS, "objective": "< 1%"}
    name = write(stack.directory, [rule])
    done = check(stack.directory, f"--prometheus.url={prometheus.url}", name)
    assert names(json.loads(done.stdout)) == {"failures": "never-bad"}, done.stdout
    assert "right where nothing has failed" in done.stdout
    path = stack.directory / name
    path.write_text(path.read_text().replace("  - slo: failures",
                                             "  # release-guard: ignore never-bad: it is healthy\n  - slo: failures"))
    done = check(stack.directory, f"--prometheus.url={prometheus.url}", name)
    assert json.loads(done.stdout)["diagnostics"] == [], done.stdout


def test_a_comment_silences_what_a_server_tells(stack, prometheus):
    name = write(stack.directory, [{"slo": "new", "expr": "max(comes_with_the_release)", "objective": "< 1"}])
    path = stack.directory / name
    text = path.read_text().replace("  - slo: new", "  # release-guard: ignore no-series: comes with it\n  - slo: new")
    path.write_text(text)
    done = check(stack.directory, f"--prometheus.url={prometheus.url}", name)
    assert json.loads(done.stdout)["diagnostics"] == [], done.stdout
    path.write_text(text.replace("comes_with_the_release", "up"))
    done = check(stack.directory, f"--prometheus.url={prometheus.url}", name)
    assert names(json.loads(done.stdout)) == {"": "ignore-unused", "new": "already-broken"}, done.stdout
    alone = check(stack.directory, name)
    assert json.loads(alone.stdout)["diagnostics"] == [], "nobody can tell without a server"
