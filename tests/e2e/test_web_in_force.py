# SPDX-License-Identifier: Apache-2.0
"""What is in force, on the page; and the ways out of it: to Prometheus, the dashboard and the pipeline's run."""

import pytest

from stack import wait_until
from web_guard import announce, opened, sign_in, start_guard


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def reconfigure(guard, **changes):
    guard.configuration.update(changes)
    guard.write_configuration()
    assert guard.call("POST", "/-/reload").status == 200


def test_a_reader_sees_rules_hooks_and_sources_and_no_secret(guard, browser):
    reconfigure(guard, brakes={"breaker": {"services": 4, "within": "90s"}}, freezes=[
        {"match": ['service="shop"'], "from": "2020-01-01T00:00:00Z", "until": "2200-01-01T00:00:00Z", "reason": "the sale"}])
    sign_in(browser, guard, "reader")
    browser.click("role=link[name='In force']")
    seen = browser.sees("Rule groups", "main")
    assert guard.call("GET", "/api/v1/in_force").json()["version"] in seen
    for words in ["Answers", "switch_back", "command", "of shop", "enforce: the guard rolls back by itself", "error_rate",
                  "< 1%", "for 1s", "Leads to a rollback", "Only warns", "once 4 services breach within 1m30s", "the sale",
                  "2200-01-01 00:00:00 UTC"]:
        assert words in seen, words
    assert "switch_back.sh" not in seen
    assert [words for words in browser.complaints() if "401" not in words] == []


def test_it_says_who_is_told_and_where_it_listens(guard, browser):
    secret = guard.directory / "team.url"
    secret.write_text("http://127.0.0.1:9/the-secret")
    secret.chmod(0o600)
    told = {"name": "team", "kind": "slack", "url_file": "team.url", "match": ['severity="critical"'], "repeat_interval": "2h"}
    reconfigure(guard, receivers=[told, {"name": "program", "kind": "webhook", "url_file": "team.url", "send_resolved": False}])
    sign_in(browser, guard, "reader", "/#/in-force")
    seen = browser.sees("Rule groups", "main")
    for words in ["team", "slack", 'severity="critical"', "every 2h while it lasts", "program", "All alerts of the guard",
                  f"http://{guard.address}/", "Web configuration file"]:
        assert words in seen, words
    assert "the-secret" not in seen and "the-secret" not in guard.call("GET", "/api/v1/in_force").text


def test_a_source_that_is_gone_is_said_to_be(stack, browser):
    guard = start_guard(stack, tokens=False)
    guard.configuration["prometheus"] = {"url": "http://127.0.0.1:1"}
    guard.write_configuration()
    assert guard.call("POST", "/-/reload").status == 200
    browser.open(f"{guard.url}/#/in-force")
    browser.sees("Does not answer", "main")
    assert "http://127.0.0.1:1" in browser.text("main")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_screen(guard, browser, width):
    browser.size(width, 800)
    sign_in(browser, guard, path="/#/in-force")
    browser.sees("Rule groups", "main")
    assert browser.run("document.documentElement.scrollWidth") == width


def test_a_release_links_to_prometheus_the_dashboard_and_its_run(guard, browser):
    reconfigure(guard, web={"dashboard_url": "https://grafana.example/d/x"},
                prometheus={**guard.configuration["prometheus"], "external_url": "https://prometheus.example/p/"})
    announce(guard, "shop", labels={"run": "https://ci.example/run/7", "bad": "javascript:alert(1)", "team": "web"})
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    found = browser.run("""Object.fromEntries([...document.querySelectorAll('main .links a')].map((link) =>
      [link.textContent, [link.href, link.rel, link.target]]))""")
    assert found["run"] == ["https://ci.example/run/7", "noopener noreferrer", "_blank"]
    assert found["Dashboard"][0] == "https://grafana.example/d/x?var-service=shop&var-environment=production"
    assert found["Prometheus"][0].startswith("https://prometheus.example/p/graph?g0.expr=vector%280.002%29&g0.tab=0")
    assert "bad" not in found and "bad: javascript:alert(1) · team: web" in browser.text("main")
    assert browser.complaints() == []


def test_without_addresses_there_are_no_links(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    browser.sees("error_rate", ".card")
    assert browser.texts("main .links a") == []


def test_what_turns_the_direction_of_writing_is_not_shown_and_output_stands_by_itself(guard, browser):
    (guard.directory / "switch_back.sh").write_text("#!/bin/sh\nprintf 'one \\342\\200\\256two \\033[31mthree'\n")
    announce(guard, "broken")
    guard.wait_phase("r1", "verifying")
    opened(browser, guard)
    browser.sees("three", "pre.output")
    assert not browser.run("/[\\u0000-\\u0008\\u001b\\u202e]/.test(document.body.textContent)")
    isolated = "getComputedStyle(document.querySelector('pre.output')).unicodeBidi"
    wait_until(lambda: browser.run(isolated) in ("isolate", "plaintext"), "it is isolated")
