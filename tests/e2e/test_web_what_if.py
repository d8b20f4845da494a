# SPDX-License-Identifier: Apache-2.0
"""Another objective tried over a release's own past, on its page and by a call; nothing is changed by it."""

import json
from datetime import datetime

import pytest

from stack import Dial, Guard, Prometheus, wait_until
from web_guard import announce, opened, start_guard

CARD = ".card:has(h3:has-text('error_rate'))"
RULES = """
defaults: { settle: 0s, interval: 1s, on_no_data: hold, on_error: hold }
groups:
  - name: shop
    match: ['service="shop"']
    window: 10m
    rollback: { mode: observe }
    rules:
      - { slo: errors, expr: errors, objective: "< 10", for: 2s }
      - { slo: gone, expr: never_scraped, objective: "< 10", action: warn }
      - { slo: e2e, signal: e2e, objective: succeeded, action: warn }
"""


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def offered(browser):
    browser.click(f"{CARD} >> text=What if…")
    browser.sees("Judges this release again over its own past", CARD)


def tried(browser, objective):
    browser.type(f"{CARD} >> [id$=-objective]", objective)
    browser.click(f"{CARD} >> role=button[name='Try']")
    browser.sees("As tried", CARD)


def ask(guard, **change):
    return guard.call("POST", "/api/v1/releases/r1/what-if", json.dumps(change).encode(), {"Content-Type": "application/json"})


def seconds(time):
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


def loaded(browser):
    return browser.run("performance.getEntriesByType('resource').map(({name}) => name.split('/').at(-1))")


def test_a_release_that_was_rolled_back_is_tried_with_a_looser_objective(guard, browser):
    announce(guard, "broken")
    guard.wait_phase("r1", "verifying")
    opened(browser, guard, name="reader")
    assert not any("what_if" in name for name in loaded(browser))
    offered(browser)
    assert any("what_if" in name for name in loaded(browser))
    tried(browser, "< 50%")
    seen = browser.sees("would have been rolled back at", CARD)
    assert "The release would not have been decided on while it was there" in seen
    assert "Looked at until" in seen and "What the pipeline posted is not judged again: tests." in seen
    assert browser.run("document.querySelector('form.what-if .plot').getAttribute('aria-label')").startswith(
        "Chart of error_rate against both objectives. As tried, < 50% for 1s, it would not have been decided on")
    assert browser.complaints() == []


def test_a_stricter_objective_says_when_and_why_it_would_have_decided(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    offered(browser)
    tried(browser, "< 0.1%")
    seen = browser.sees("after it went live: error_rate: 0.2% against < 0.1%", CARD)
    assert "As it is: < 1% for 1s" in seen and "would not have been decided on so far" in seen
    assert browser.count("form.what-if canvas") == 1
    assert guard.release("r1")["phase"] == "watching", "nothing is changed by it"


def test_what_cannot_be_read_is_said_in_the_words_of_a_rule_file(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    offered(browser)
    browser.type(f"{CARD} >> [id$=-objective]", "about two")
    browser.click(f"{CARD} >> role=button[name='Try']")
    browser.sees("It could not be tried: objective: ", f"{CARD} >> [role=alert]")
    assert [words for words in browser.complaints() if "400" not in words] == []


def test_a_rule_on_signals_offers_none(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    browser.sees("What if…", CARD)
    assert browser.texts(".card:has(h3:has-text('tests')) >> text=What if…") == []


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_screen(guard, browser, width):
    browser.size(width, 800)
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    offered(browser)
    tried(browser, "< 0.1%")
    browser.sees("Judged by error_rate alone", CARD)
    assert browser.run("document.documentElement.scrollWidth") == width


def test_by_a_call_over_what_prometheus_has_scraped(stack):
    with Dial(errors=3) as dial:
        prometheus = stack.add(Prometheus(stack.directory, {"shop": [dial.address]}))
        wait_until(lambda: prometheus.value("errors") == 3, "Prometheus has scraped")
        guard = stack.adopt(Guard(stack.directory, {}))
        (guard.directory / "rules.yml").write_text(RULES)
        guard.configuration = {"prometheus": {"url": prometheus.url}, "rule_files": ["rules.yml"]}
        guard.start()
        announce(guard, "shop")
        guard.wait_phase("r1", "watching")
        dial.set("errors", 30)
        told = wait_until(lambda: [one for one in guard.release("r1")["decisions"] if one["kind"] == "would_rollback"],
                          "the guard would have rolled back")
        loose = ask(guard, slo="errors", objective="< 50").json()
        assert loose["now"]["verdict"] == "breached" and loose["tried"]["verdict"] == "ok"
        apart = seconds(loose["now"]["decided_at"]) - seconds(told[0]["at"])
        # A second each: the sample that came after a reading, `for` that is rounded up to one, the wait for the answer.
        assert abs(apart) < 3, "the same judge over the same past, but for readings at other moments"
        assert max(loose["points"]["values"]) == 30
        assert set(loose["points"]["bounds"]) - {None} == {10} and set(loose["points"]["tried_bounds"]) - {None} == {50}
        assert ask(guard, slo="errors", **{"for": "5m"}).json()["tried"]["verdict"] == "pending"
        gone = ask(guard, slo="gone", objective="< 50").json()
        assert gone["tried"]["verdict"] == gone["now"]["verdict"] == "unknown"
        assert "none of" in gone["tried"]["words"] and "no data of that time" in gone["tried"]["words"]
        signal = ask(guard, slo="e2e", objective="< 50")
        assert signal.status == 400 and "read from a signal" in signal.json()["error"]
        prometheus.kill()
        lost = wait_until(lambda: (one := ask(guard, slo="errors", objective="< 50").json()["tried"])["errors"] > 0 and one,
                          "it could not be read")
        assert lost["verdict"] == "unknown"
