# SPDX-License-Identifier: Apache-2.0
"""Orders given on the page at /: what is said before, what is sent, and who may."""

import pytest

from stack import wait_until
from web_guard import announce, opened, start_guard


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def test_a_rollback_is_approved_behind_a_confirmation_that_says_what_will_happen(guard, browser):
    announce(guard, "asking")
    guard.wait_phase("r1", "awaiting_approval")
    opened(browser, guard)
    browser.click("role=button[name='Approve rollback']")
    said = browser.sees("Approve the rollback of asking in production?", "dialog")
    assert "Hook switch_back is called now: it takes asking in production from v2 back to v1." in said
    assert browser.run("document.activeElement.textContent") == "Cancel", "the harmless choice has the focus"
    browser.press("Escape")
    wait_until(lambda: not browser.texts("dialog"), "the dialog is closed")
    assert browser.run("document.activeElement.textContent") == "Approve rollback", "focus goes back"
    assert guard.release("r1")["phase"] == "awaiting_approval", "nothing was sent"

    browser.press("Enter")
    browser.type("#confirm-reason", "looks bad to me")
    browser.click("dialog >> role=button[name='Approve: back to v1']")
    guard.wait_phase("r1", "verifying")
    browser.sees("switching <b>back</b> to v1", "pre")
    browser.sees("The hook did it")
    browser.sees("looks bad to me", ".timeline")
    assert browser.count("pre b") == 0
    assert browser.complaints() == []


def test_every_verb_says_what_it_does_and_is_done(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    for button, words, confirm, seen in [
            ("Pause", "no breach leads to a rollback", "Pause", "Paused"),
            ("Resume", "calls hook switch_back again: from v2 back to v1", "Resume", "left of the window"),
            ("Abort", "v2 stays where it is", "Abort the watch", "Aborted"),
            ("Roll back", "from v2 back to v1", "Roll back to v1", "The hook did it")]:
        wait_until(lambda name=button: browser.count(f"main >> role=button[name='{name}']"), f"{button} is offered")
        browser.click(f"main >> role=button[name='{button}']")
        browser.sees(words, "dialog")
        browser.click(f"dialog >> role=button[name='{confirm}']")
        browser.sees(seen, "main")
    assert browser.complaints() == []


def test_a_confirmation_that_is_opened_again_at_once_still_sends(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    browser.click("main >> role=button[name='Pause']")
    browser.sees("The window stands still meanwhile.", "dialog")
    browser.run("""(() => {
      document.querySelector("dialog").close();
      [...document.querySelectorAll(".verbs button")].find((button) => button.textContent === "Pause").click();
    })()""")
    browser.click("dialog >> button[type=submit]")
    browser.sees("Paused", "main")


def test_what_the_guard_refuses_is_shown_in_its_own_words(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    announce(guard, "shop", "r2", "v3")
    browser.open(f"{guard.url}/#/releases/r2")
    browser.sees("v3")
    guard.call("POST", "/api/v1/releases/r2/abort")
    announce(guard, "shop", "r3", "v4")
    browser.sees("Aborted")
    browser.click("main >> role=button[name='Roll back']")
    browser.click("dialog >> role=button[name='Roll back to v1']")
    browser.sees("The guard refused: release r3 is newer; order its rollback instead.", "dialog [role=alert]")


def test_a_token_that_may_only_read_is_offered_nothing_and_refused_everything(guard, browser):
    announce(guard, "asking")
    guard.wait_phase("r1", "awaiting_approval")
    opened(browser, guard, name="reader")
    browser.sees("You are reader, role read: you may look.")
    assert browser.count(".verbs > .buttons > button") == 0
    order = """fetch('/api/v1/releases/r1/approve', {method: 'POST', body: '{}', headers: {
        'Content-Type': 'application/json', Authorization: 'Bearer ' + sessionStorage.getItem('release-guard-token')}})
        .then((answer) => answer.status)"""
    assert browser.run(order) == 403
    assert guard.release("r1")["phase"] == "awaiting_approval"
