# SPDX-License-Identifier: Apache-2.0
"""What answers at prometheus.url and is no Prometheus, or not all of one, is told by `check`, `serve` and `healthcheck`."""

import subprocess

import pytest
import yaml

from shop import ERRORS, ShopGuard, group
from stack import Alertmanager, Front, Prometheus, VictoriaMetrics, get, wait_until
from stack.guard import BINARY


def check(guard, *arguments):
    text = yaml.safe_dump(guard.configuration, sort_keys=False)
    (guard.directory / "release-guard.yml").write_text(text)
    return subprocess.run([BINARY, "check", *(arguments or ["--config.file=release-guard.yml"])], cwd=guard.directory,
                          capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def servers(stack):
    """kind of wrong address -> (url, what is said of it)."""
    prometheus = stack.add(Prometheus(stack.directory))
    alertmanager = stack.add(Alertmanager(stack.directory))

    def front(name, demands):
        return stack.add(Front(stack.directory, prometheus.address, demands=demands, name=name)).url
    return {
        "a path that is not there": (f"{prometheus.url}/prometheus", "check the address and the path"),
        "Alertmanager's port": (alertmanager.url, "HTTP 404"),
        "a login page": (front("login", 'return 200 "<html><title>Log in</title></html>";'),
                         "is prometheus.url that of a login page"),
        "a redirect to one": (front("redirect", "return 302 /login;"), "redirects are not followed"),
        "a proxy that knows only GET": (front("reading", "if ($request_method != GET) { return 405; }"),
                                        "lets no POST through"),
        "right": (prometheus.url, ""),
    }


WRONG = ["a path that is not there", "Alertmanager's port", "a login page", "a redirect to one",
         "a proxy that knows only GET"]


@pytest.mark.parametrize("kind", WRONG)
def test_check_names_what_is_wrong_with_the_address(stack, servers, kind):
    url, said = servers[kind]
    checked = check(ShopGuard(stack, group(ERRORS), prometheus={"url": url}))
    assert checked.returncode == 1, checked.stdout
    assert checked.stdout.startswith("release-guard.yml:"), checked.stdout
    assert "no Prometheus answers there: " in checked.stdout
    assert said in checked.stdout
    assert checked.stdout.endswith("1 error\n")


def test_a_guard_starts_beside_it_but_says_so_until_prometheus_answers(stack, servers):
    guard = ShopGuard(stack, group(ERRORS), prometheus={"url": servers["a login page"][0]}).start()
    assert "what answers at prometheus.url is no Prometheus" in get(f"{guard.url}/-/ready").text
    asked = subprocess.run([BINARY, "healthcheck", f"--server={guard.url}"], capture_output=True, text=True, timeout=30,
                           check=False)
    assert "what answers at prometheus.url is no Prometheus" in asked.stdout
    guard.configuration["prometheus"]["url"] = servers["right"][0]
    guard.write_configuration()
    assert guard.call("POST", "/-/reload").status == 200
    wait_until(lambda: "prometheus.url" not in get(f"{guard.url}/-/ready").text, "nothing is wrong any more")


def test_a_reload_keeps_what_is_in_force_rather_than_take_it(stack, servers):
    guard = ShopGuard(stack, group(ERRORS), prometheus={"url": servers["right"][0]}).start()
    guard.configuration["prometheus"]["url"] = servers["a login page"][0]
    guard.write_configuration()
    answer = guard.call("POST", "/-/reload")
    assert answer.status == 500
    assert "no Prometheus answers there" in answer.text


def test_rule_files_alone_are_said_not_to_be_parsed(stack):
    guard = ShopGuard(stack, group({**ERRORS, "expr": "summ(errors)"}))
    checked = check(guard, "rules.yml")
    assert checked.returncode == 0
    assert checked.stderr == ("release-guard: no server has parsed the PromQL: rule files given by themselves name no "
                              "server; check them with --config.file or --prometheus.url (not looked for: refused, "
                              "cannot-break, part-over-total, still-gauge, no-series, never-bad, query-fails, already-broken, short-range, "
                              "costly, no-version)\n")


def test_victoria_metrics_is_asked_too(stack):
    server = stack.add(VictoriaMetrics(stack.directory))
    good = check(ShopGuard(stack, group({**ERRORS, "expr": "WITH (e = errors) sum(e)"}), prometheus={"url": server.url}))
    assert (good.returncode, good.stderr) == (0, ""), good.stdout
    bad = check(ShopGuard(stack, group({**ERRORS, "expr": "summ(errors)"}), prometheus={"url": server.url}))
    assert bad.returncode == 1, bad.stdout + bad.stderr
    assert "summ" in bad.stdout
