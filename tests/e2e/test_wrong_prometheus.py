# SPDX-License-Identifier: Apache-2.0
"""What answers at prometheus.url and is no Prometheus, or not all of one, is told by `check`, `serve` and `healthcheck`."""

import os
import subprocess

import pytest
import yaml

from shop import ERRORS, ShopGuard, group
from stack import Alertmanager, Prometheus, Server, VictoriaMetrics, get, program, wait_until
from stack.guard import BINARY

# What stands before a Prometheus in many companies.
GATE = """\
{user}
worker_processes 1;
daemon off;
pid {directory}/gate.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
  access_log off;
  default_type text/html;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen {address};
    location = /ready {{ return 200; }}
    location /login/ {{ return 200 "<html><title>Log in</title></html>"; }}
    location /elsewhere/ {{ return 302 /login/; }}
    location /reading/ {{
      if ($request_method != GET) {{ return 405; }}
      proxy_pass {prometheus}/;
    }}
  }}
}}
"""


class Gate(Server):
    name = "gate"

    def __init__(self, directory, prometheus):
        super().__init__(directory)
        user = "user root;" if os.getuid() == 0 else ""
        (self.directory / "gate.conf").write_text(
            GATE.format(user=user, directory=self.directory, address=self.address, prometheus=prometheus.url))

    def argv(self):
        return [program("nginx"), "-e", "stderr", "-p", self.directory, "-c", self.directory / "gate.conf"]

    def ready(self):
        return get(f"{self.url}/ready").status == 200


def check(guard, *arguments):
    text = yaml.safe_dump(guard.configuration, sort_keys=False)
    (guard.directory / "release-guard.yml").write_text(text)
    return subprocess.run([BINARY, "check", *(arguments or ["--config.file=release-guard.yml"])], cwd=guard.directory,
                          capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def servers(stack):
    """kind of wrong address -> (url, what is said of it)."""
    prometheus = stack.add(Prometheus(stack.directory))
    gate = stack.add(Gate(stack.directory, prometheus))
    alertmanager = stack.add(Alertmanager(stack.directory))
    return {
        "a path that is not there": (f"{prometheus.url}/prometheus", "check the address and the path"),
        "Alertmanager's port": (alertmanager.url, "HTTP 404"),
        "a login page": (f"{gate.url}/login", "is prometheus.url that of a login page"),
        "a redirect to one": (f"{gate.url}/elsewhere", "redirects are not followed"),
        "a proxy that knows only GET": (f"{gate.url}/reading", "lets no POST through"),
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
                              "server; check them with --config.file\n")


def test_victoria_metrics_is_asked_too(stack):
    server = stack.add(VictoriaMetrics(stack.directory))
    good = check(ShopGuard(stack, group({**ERRORS, "expr": "WITH (e = errors) sum(e)"}), prometheus={"url": server.url}))
    assert (good.returncode, good.stderr) == (0, ""), good.stdout
    bad = check(ShopGuard(stack, group({**ERRORS, "expr": "summ(errors)"}), prometheus={"url": server.url}))
    assert bad.returncode == 1, bad.stdout + bad.stderr
    assert "summ" in bad.stdout
