# SPDX-License-Identifier: Apache-2.0
"""How releases went over the last 30 days, below the list, and whom to call where a person is needed."""

import pytest
import yaml

from web_guard import HOSTILE, announce, sign_in, start_guard

FIGURES = ".list section.card"


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def roll_back(guard):
    """It was rolled back, and nobody has seen that this helped."""
    announce(guard, "broken", "bad")
    guard.wait_phase("bad", "verifying")
    assert guard.call("POST", "/api/v1/releases/bad/abort").status == 200


@pytest.mark.parametrize("width", [390, 1280])
def test_the_figures_stand_below_the_list(guard, browser, width):
    roll_back(guard)
    announce(guard, "shop", "good")
    browser.size(width, 800)
    sign_in(browser, guard, "reader")
    shown = browser.sees("1 not seen restored", FIGURES)
    assert "The last 30 days" in shown and "2, " in shown and "lead time for changes is not known" in shown
    assert browser.count(f"{FIGURES} rect") == 60, "deployments and failures of each day"
    assert browser.run("document.documentElement.scrollWidth") == width
    browser.click(f"{FIGURES} summary")
    assert "broken in production" in browser.text(f"{FIGURES} tbody")
    assert [words for words in browser.complaints() if "401" not in words] == []


def test_they_are_of_the_environment_that_is_filtered_for(guard, browser):
    announce(guard, "shop", "good")
    announce(guard, "shop", "other", environment="staging")
    sign_in(browser, guard, "reader", "/#/?environment=staging")
    browser.sees("1, ", FIGURES)
    assert "2, " not in browser.text(FIGURES)


def test_whom_to_call_is_shown_as_text(guard, browser):
    rules = yaml.safe_load((guard.directory / "rules.yml").read_text())
    for group in rules["groups"]:
        group["contacts"] = {"primary": f"Ada {HOSTILE}"}
    (guard.directory / "rules.yml").write_text(yaml.safe_dump(rules))
    assert guard.call("POST", "/-/reload").status == 200
    announce(guard, "asking", "r1")
    guard.wait_phase("r1", "awaiting_approval")
    sign_in(browser, guard)
    browser.sees(f"Whom to call: primary on-call: Ada {HOSTILE}", ".rows")
    browser.open(f"{guard.url}/#/releases/r1")
    browser.sees(f"Whom to call: primary on-call: Ada {HOSTILE}", "main")
    browser.open(f"{guard.url}/#/releases/r1/report")
    browser.sees(f"primary on-call: Ada {HOSTILE}", "main")
    assert browser.complaints() == []
