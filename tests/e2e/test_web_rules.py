# SPDX-License-Identifier: Apache-2.0
"""Rule files edited on the page: checked by the guard as they are typed, and kept nowhere but in the browser."""

import pytest

from stack import wait_until
from web_guard import announce, opened, sign_in, start_guard

EDITOR = ".cm-content"
BROKEN = """groups:
  - name: shop
    match: ['service="shop"']
    window: 1h
    rollback: { mode: observe }
    rules:
      - slo: queue
        expr: max(queue
        objektive: "< 10"
        on_no_data: hold
        on_error: hold
"""
REFUSED = BROKEN.replace("max(queue\n", "max(no_such_function(queue))\n").replace("objektive", "objective")


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def editing(browser, guard, address="/#/rules", name="operator"):
    sign_in(browser, guard, name, address)
    browser.sees("Checked as you type", "main")
    browser.sees("ok: ", ".standing")


def written(browser, text):
    browser.type(EDITOR, text)


def test_the_rules_of_a_group_are_edited_and_checked_as_one_types(guard, browser):
    editing(browser, guard, "/#/rules?group=of%20shop")
    assert browser.sees("ok: 5 groups, 10 rules", ".standing")
    assert browser.sees("name: of shop", EDITOR)
    written(browser, BROKEN)
    seen = browser.sees('9:9 error: rule "queue": a rule has no `objektive`; did you mean `objective`?', ".findings")
    assert '8:18 error: rule "queue": `expr`: this bracket is never closed; add its ) [unbalanced]' in seen
    assert browser.text(".standing") == "2 errors"
    wait_until(lambda: browser.count(".cm-lintRange-error") > 0, "it is marked in the text")
    browser.click(".findings button >> nth=0")
    assert browser.run("document.activeElement.shadowRoot.activeElement.className").find("cm-content") >= 0
    assert browser.complaints() == []


def test_what_only_a_server_can_tell_is_told_too(guard, browser):
    editing(browser, guard)
    written(browser, REFUSED)
    browser.sees("8:15 error", ".findings")
    browser.sees("unknown function", ".findings")


def test_the_rule_under_the_cursor_is_drawn_over_its_last_day(guard, browser):
    editing(browser, guard, "/#/rules?group=of%20shop")
    browser.sees("error_rate, the last day: worst 0.2% at", "figcaption")
    assert "objective < 1% broken at 0 of 240 points" in browser.text("figcaption")
    assert browser.count("canvas") == 1
    browser.click(".cm-line:has-text('name: of shop')")
    browser.sees("Place the cursor in a rule", "figcaption")
    browser.click(".cm-line:has-text('slo: tests') >> nth=0")
    browser.sees("No chart: tests is read from a signal", "figcaption")


def test_promql_is_completed_where_it_stands(guard, browser):
    editing(browser, guard)
    written(browser, "groups:\n- rules:\n  - expr: sum(")
    browser.click(".cm-line >> nth=2")
    for key in ["End", "r", "a", "t"]:
        browser.press(key)
    wait_until(lambda: "rate" in browser.text(".cm-tooltip-autocomplete"), "functions are offered")


def test_nothing_of_the_editor_is_loaded_before_it_is_opened(guard, browser):
    sign_in(browser, guard)
    names = "performance.getEntriesByType('resource').map(({name}) => name.split('/').at(-1)).join(' ')"
    assert "rules_view" not in browser.run(names)
    browser.click("role=link[name='Rules']")
    browser.sees("Checked as you type", "main")
    assert "rules_view" in browser.run(names)


def test_the_policy_stays_as_strict_and_the_editor_has_its_styles(guard, browser):
    editing(browser, guard)
    policy = guard.call("GET", "/").headers["Content-Security-Policy"]
    assert "style-src 'self';" in policy and "script-src 'self';" in policy and "unsafe" not in policy and "nonce" not in policy
    assert browser.count("style") == 0
    assert browser.run("document.querySelector('.editor').shadowRoot.adoptedStyleSheets.length") > 0
    assert browser.run("getComputedStyle(document.querySelector('.editor').shadowRoot.querySelector('.cm-editor')).display") == "flex"
    assert browser.complaints() == []


def test_it_is_used_by_keys_alone(guard, browser):
    editing(browser, guard)
    browser.run("document.querySelector('#rules-from').focus()")
    for expected in ["Copy", "Download"]:
        browser.press("Tab")
        assert browser.run("document.activeElement.textContent") == expected
    browser.press("Tab")
    inside = "document.activeElement.shadowRoot?.activeElement"
    assert browser.run(f"{inside}.getAttribute('aria-label')") == "Rule file"
    browser.press("Tab")
    assert not browser.run(f"Boolean({inside})"), "the tab key leads on"


def test_another_start_can_be_undone(guard, browser):
    editing(browser, guard)
    written(browser, "# mine\n")
    browser.choose("#rules-from", "of broken")
    browser.sees("name: of broken", EDITOR)
    browser.click(EDITOR)
    browser.press("Control+z")
    browser.sees("# mine", EDITOR)
    browser.press("Control+a")
    browser.press("x")
    wait_until(lambda: browser.text(EDITOR).strip() == "x", "the key takes the place of what was selected")
    assert browser.complaints() == [], "typing over several lines is nothing to the policy"


def test_nothing_is_kept_by_the_guard(guard, browser):
    before = (guard.directory / "rules.yml").read_text()
    editing(browser, guard, "/#/rules?group=of%20shop")
    written(browser, "groups: []\n")
    browser.sees("error", ".standing")
    assert (guard.directory / "rules.yml").read_text() == before
    browser.reload()
    browser.sees("ok: 5 groups, 10 rules", ".standing")


def test_a_group_that_is_no_longer_in_force_is_said_to_be_none(guard, browser):
    editing(browser, guard, "/#/rules?group=of%20old")
    browser.sees("No rule group of old is in force any more: this is an example.", "[role=alert]")
    browser.sees("name: shop-production", EDITOR)


def test_a_release_leads_to_its_rules(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    browser.click("role=link[name='Edit its rules']")
    browser.sees("ok: 5 groups", ".standing")
    assert browser.run("document.querySelector('#rules-from').value") == "of shop"


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_screen(guard, browser, width):
    browser.size(width, 800)
    editing(browser, guard, "/#/rules?group=of%20shop")
    browser.click(".cm-line:has-text('slo: error_rate') >> nth=0")
    browser.sees("the last day", "figcaption")
    assert browser.run("document.documentElement.scrollWidth") == width
