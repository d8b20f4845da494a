# SPDX-License-Identifier: Apache-2.0
"""Which version a rollback goes back to is chosen on the page at /: prefilled, proposed, typed; and sent as it was shown."""

import pytest

from stack import wait_until
from web_guard import announce, opened, start_guard


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def chosen(guard, release="r1"):
    """The version of its latest rollback, once there is one."""
    def decided():
        return [decision["target"] for decision in guard.release(release)["decisions"] if decision["kind"] == "rollback"]
    return wait_until(decided, "the rollback is decided")[-1]


def shown(browser):
    return browser.run("document.querySelector('#confirm-target').value")


def confirms(browser):
    return browser.run("document.querySelector('dialog button[type=submit]').disabled") is False


def test_the_last_version_that_passed_is_proposed_beside_the_one_before(guard, browser):
    announce(guard, "quick", "r0", "v0.9")
    guard.wait_phase("r0", "passed")
    announce(guard, "quick")
    guard.wait_phase("r1", "passed")
    opened(browser, guard)
    browser.click("main >> role=button[name='Roll back']")
    assert "from v2 back to v1." in browser.sees("Roll back quick in production?", "dialog")
    assert shown(browser) == "v1"
    browser.click("dialog >> role=button[name='v0.9, the last version that passed here']")
    assert "back to v0.9. Without a choice it would be v1." in browser.sees("from v2 back to v0.9", "dialog")
    browser.click("dialog >> role=button[name='Roll back to v0.9']")
    assert chosen(guard) == "v0.9"
    browser.sees("switching <b>back</b> to v0.9", "pre")
    assert browser.complaints() == []


def test_to_approve_another_version_than_was_asked_about_is_an_order(guard, browser):
    announce(guard, "asking")
    guard.wait_phase("r1", "awaiting_approval")
    opened(browser, guard)
    browser.click("role=button[name='Approve rollback']")
    browser.sees("back to v1.", "dialog")
    browser.type("#confirm-target", "")
    browser.sees("Say which version hook switch_back is to take asking in production back to.", "dialog")
    assert not confirms(browser)
    browser.type("#confirm-target", "v0.5")
    browser.type("#confirm-reason", "v1 is broken too")
    browser.click("dialog >> role=button[name='Approve: back to v0.5']")
    assert chosen(guard) == "v0.5"
    browser.sees("v1 is broken too", ".timeline")
    assert browser.complaints() == []


def test_where_nothing_was_announced_to_go_back_to_a_person_names_it(guard, browser):
    announce(guard, "shop", previous_version="")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    browser.click("main >> role=button[name='Roll back']")
    browser.sees("Say which version", "dialog")
    assert shown(browser) == "" and not confirms(browser)
    browser.type("#confirm-target", "v0.8")
    browser.click("dialog >> role=button[name='Roll back to v0.8']")
    assert chosen(guard) == "v0.8"


def test_other_orders_have_no_version(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    browser.click("main >> role=button[name='Pause']")
    browser.sees("The window stands still meanwhile.", "dialog")
    assert browser.texts("dialog label") == ["Why (goes into the timeline, may be empty)"]
