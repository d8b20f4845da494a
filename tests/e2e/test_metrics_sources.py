# SPDX-License-Identifier: Apache-2.0
"""The guard on real metrics servers as production has them: behind a front that asks who calls, restarted with old
samples in their memory, and of another make."""

import base64

import pytest
import yaml

from stack import Authority, Front, Guard, NodeExporter, Prometheus, Recorder, VictoriaMetrics, post_json, request, wait_until

RULES = """
defaults: {{ window: 2m, settle: 0s, interval: 1s, for: 0s, on_no_data: hold, on_error: hold, preexisting: rollback }}
groups:
  - name: test
    match: ['service="shop"']
    rollback: {{ {rollback} }}
    rules:
      - {{ slo: up, expr: '{expr}', objective: "{objective}", max_age: {max_age} }}
"""
RELEASE = {"service": "shop", "environment": "production", "version": "v2", "previous_version": "v1", "id": "r1"}


def watching(stack, prometheus, expr="min(up)", objective=">= 1", max_age="30s", rollback="mode: observe", hook=None):
    """A guard that watches release r1 by one rule on this server."""
    configuration = {"prometheus": {"timeout": "2s", **prometheus}, "rule_files": ["rules.yml"],
                     **({"hooks": [hook]} if hook else {})}
    guard = stack.adopt(Guard(stack.directory, configuration))
    (guard.directory / "rules.yml").write_text(
        RULES.format(expr=expr, objective=objective, max_age=max_age, rollback=rollback))
    guard.start()
    post_json(f"{guard.url}/api/v1/releases", RELEASE)
    return guard


def reading(guard):
    return guard.release("r1")["rules"][0]


def wait_reading(guard, outcome, reason=None):
    """The rule's reading once it has this outcome and reason."""
    def seen():
        last = reading(guard)
        wanted = last["outcome"] == outcome and reason in (None, last["reading_reason"])
        return last if wanted else None
    try:
        return wait_until(seen, f"the reading is {outcome}", 60)
    except AssertionError as late:
        raise AssertionError(f"{late}: {reading(guard)}") from None


@pytest.fixture
def prometheus(stack):
    server = stack.adopt(Prometheus(stack.directory))
    server.jobs = {"self": [server.address]}
    server.start()
    wait_until(lambda: server.up("self"), "Prometheus has scraped itself")
    return server


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def demand(variable, value):
    return f'if ({variable} != "{value}") {{ return 401; }}'


def test_basic_auth_under_a_base_path(stack, prometheus):
    front = stack.add(Front(stack.directory, prometheus.address, "/prometheus",
                            demand("$http_authorization", basic("guard", "pass:word"))))
    secret = stack.directory / "password"
    secret.write_text("pass:word\n")
    guard = watching(stack, {"url": f"{front.url}/prometheus/",
                             "basic_auth": {"username": "guard", "password_file": str(secret)}})
    wait_reading(guard, "ok")
    secret.write_text("another\n")
    refused = wait_reading(guard, "error", "query_failed")
    assert "HTTP 401" in refused["explanation"], refused
    assert "another" not in str(guard.release("r1")) + guard.log.read_text()


def test_bearer_token_and_a_tenant_header(stack, prometheus):
    front = stack.add(Front(stack.directory, prometheus.address, demands=demand("$http_authorization", "Bearer t0ken")
                            + demand("$http_x_scope_orgid", "team-a")))
    token = stack.directory / "token"
    token.write_text("old-token")
    guard = watching(stack, {"url": front.url, "authorization": {"credentials_file": str(token)},
                             "headers": {"X-Scope-OrgID": "team-a"}})
    wait_reading(guard, "error", "query_failed")
    token.write_text("t0ken")
    wait_reading(guard, "ok")


def test_tls_with_a_ca_of_its_own_and_a_client_certificate(stack, prometheus):
    authority = Authority(stack.directory)
    server = authority.issue("server", "DNS:prometheus.internal")
    mine = authority.issue("guard", "DNS:release-guard")
    front = stack.add(Front(stack.directory, prometheus.address, tls=(*server, authority.certificate)))
    tls = {"ca_file": str(authority.certificate), "server_name": "prometheus.internal",
           "cert_file": str(mine[0]), "key_file": str(mine[1])}
    wait_reading(watching(stack, {"url": front.url, "tls_config": tls}), "ok")


def test_a_server_with_another_name_is_not_believed(stack, prometheus):
    authority = Authority(stack.directory)
    front = stack.add(Front(stack.directory, prometheus.address,
                            tls=(*authority.issue("server", "DNS:elsewhere"), None)))
    guard = watching(stack, {"url": front.url, "tls_config": {"ca_file": str(authority.certificate)}})
    assert "certificate could not be verified" in wait_reading(guard, "error")["explanation"]


def test_a_redirect_is_not_followed(stack, prometheus):
    front = stack.add(Front(stack.directory, prometheus.address, demands=f"return 302 {prometheus.url}$request_uri;"))
    refused = wait_reading(watching(stack, {"url": front.url}), "error", "query_failed")
    assert "redirects are not followed" in refused["explanation"], refused


def test_old_samples_of_a_restarted_server_are_no_evidence(stack):
    """Prometheus answers for five minutes from what it stored before the target died, with the time of now."""
    node = stack.add(NodeExporter(stack.directory))
    prometheus = stack.add(Prometheus(stack.directory, {"node": [node.address]}))
    wait_until(lambda: prometheus.value("max(node_load1)") is not None, "the target is scraped")
    prometheus.kill()
    node.stop()
    prometheus.jobs = {}
    prometheus.start()
    assert prometheus.value("max(node_load1)") is not None, "the server no longer shows the trap"
    guard = watching(stack, {"url": prometheus.url}, "max(node_load1)", ">= 0", max_age="3s")
    stale = wait_reading(guard, "no_data", "stale_sample")
    assert "max_age is 3s" in stale["explanation"], stale
    assert prometheus.value("max(node_load1)") is not None, "the sample is still shown, but old"


def test_a_range_that_outlives_its_target_is_no_evidence(stack):
    """A rate goes on for as long as its range after the last sample, though the series has ended."""
    node = stack.add(NodeExporter(stack.directory))
    prometheus = stack.add(Prometheus(stack.directory, {"node": [node.address]}))
    rate = "sum(rate(node_cpu_seconds_total[30s]))"
    wait_until(lambda: prometheus.value(rate) is not None, "the target is scraped")
    guard = watching(stack, {"url": prometheus.url}, rate, ">= 0", max_age="6s")
    wait_reading(guard, "ok")
    node.stop()
    wait_reading(guard, "no_data", "stale_sample")
    assert prometheus.value(rate) is not None, "the rate has ended as well, so nothing was shown"


def test_what_many_rules_ask_alike_is_asked_once(stack, prometheus):
    guard = stack.adopt(Guard(stack.directory, {"prometheus": {"url": prometheus.url}, "rule_files": ["rules.yml"]}))
    rules = yaml.safe_load(RULES.format(expr="min(up)", objective=">= 1", max_age="30s", rollback="mode: observe"))
    rule, = rules["groups"][0]["rules"]
    rules["groups"][0]["rules"] = [{**rule, "slo": f"up_{i}"} for i in range(8)]
    (guard.directory / "rules.yml").write_text(yaml.safe_dump(rules))
    guard.start()
    post_json(f"{guard.url}/api/v1/releases", RELEASE)

    def counted(url, beginning):
        page = request("GET", f"{url}/metrics").text
        return sum(float(line.split()[-1]) for line in page.splitlines() if line.startswith(beginning))

    def numbers():
        return (counted(prometheus.url, 'prometheus_http_requests_total{code="200",handler="/api/v1/query"}'),
                counted(guard.url, "release_guard_evaluations_total{"))
    wait_until(lambda: numbers()[1] >= 8, "each rule is read")
    asked, read = numbers()
    wait_until(lambda: numbers()[1] >= read + 80, "each rule is read ten times more")
    asked_more, read_more = numbers()
    # The value and the age of its samples for eight readings, instead of both for each.
    assert asked_more - asked <= (read_more - read) / 2


def test_a_release_is_rolled_back_by_what_victoria_metrics_says(stack):
    victoria = stack.adopt(VictoriaMetrics(stack.directory))
    victoria.jobs = {"self": [victoria.address], "dead": ["127.0.0.1:9"]}
    victoria.start()
    with Recorder() as hook:
        guard = watching(stack, {"url": victoria.url}, rollback="hook: undo, mode: enforce, verify: 2s",
                         hook={"name": "undo", "http": {"url": f"{hook.url}/undo", "timeout": "5s"}})
        wait_until(lambda: hook.received, "the hook is called", 60)
        assert hook.received[0].path == "/undo"
        decision = guard.release("r1")["decisions"][0]
        assert (decision["kind"], decision["slo"]) == ("rollback", "up"), decision


def count_requests(stack, server, total, bad):
    """The evidence that a guard has of a share of this server's own requests, once it is enough to judge."""
    guard = watching(stack, {"url": server.url})
    rules = yaml.safe_load((guard.directory / "rules.yml").read_text())
    rules["groups"][0]["rules"] = [{"slo": "failed", "bad": bad, "total": total, "objective": "< 1%", "min_events": 10}]
    (guard.directory / "rules.yml").write_text(yaml.safe_dump(rules))
    guard.stop()
    guard.start()
    post_json(f"{guard.url}/api/v1/releases", {**RELEASE, "id": "r2"})

    def seen():
        rule = guard.release("r2")["rules"][0]
        return rule["evidence"] if rule["verdict"] == "ok" else None
    return wait_until(seen, "the share is judged", 60)


def test_events_are_counted_from_the_samples_of_prometheus(stack, prometheus):
    evidence = count_requests(stack, prometheus, 'prometheus_http_requests_total{job="self"}',
                              'prometheus_http_requests_total{job="self",code=~"5.."}')
    assert evidence["bad"] == 0 and evidence["total"] >= 10, evidence


def test_events_are_counted_from_the_samples_of_victoria_metrics(stack):
    victoria = stack.adopt(VictoriaMetrics(stack.directory))
    victoria.jobs = {"self": [victoria.address]}
    victoria.start()
    # A query that the guard gives up, for it stops or the machine is slow, is an error to the server that was asked.
    evidence = count_requests(stack, victoria, 'vm_http_requests_total{job="self"}',
                              'vm_http_request_errors_total{job="self",path!~"/api/v1/query.*"}')
    assert evidence["bad"] == 0 and evidence["total"] >= 10, evidence
