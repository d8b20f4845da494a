# SPDX-License-Identifier: Apache-2.0
"""What a release would rest on, on the page."""

import pytest

from web_guard import sign_in, start_guard


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def look(browser):
    browser.type("#pf-service", "shop")
    browser.type("#pf-environment", "production")
    browser.click("role=button[name='Look']")
    return browser.sees("checks", ".preflight [role=status]", seconds=30)


def test_a_reader_looks_and_sends_nothing(guard, browser):
    sign_in(browser, guard, "reader")
    browser.click("role=link[name='Before a release']")
    browser.sees("Service", "main")
    assert "rehearse" not in browser.text("main"), "that is the pipeline's"
    assert "shop in production" in look(browser)
    seen = browser.text(".checks")
    assert "prometheus" in seen and "alert_path" not in seen
    assert [words for words in browser.complaints() if "401" not in words] == []


def test_who_may_deploy_has_the_hook_rehearsed_too(guard, browser):
    sign_in(browser, guard, "operator", "/#/preflight?service=shop&environment=production")
    browser.sees("Before a release", "main")
    browser.click("role=button[name*='rehearse']")
    browser.sees("checks", ".preflight [role=status]", seconds=30)
    assert "hook switch_back" in browser.text(".checks")


def test_a_place_that_nothing_watches_is_said_to_be(guard, browser):
    sign_in(browser, guard, "reader", "/#/preflight?service=nobody&environment=moon")
    browser.sees("Before a release", "main")
    browser.click("role=button[name='Look']")
    browser.sees("no rule group", ".preflight [role=alert]")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_screen(guard, browser, width):
    browser.size(width, 800)
    sign_in(browser, guard, "reader", "/#/preflight?service=shop&environment=production")
    browser.sees("Before a release", "main")
    look(browser)
    assert browser.run("document.documentElement.scrollWidth") == width
