# SPDX-License-Identifier: Apache-2.0
"""What the page at / shows, in a real browser: to whom, how soon, and whatever the names in it are."""

import pytest

from stack import Nginx, post_json, wait_until
from web_guard import HOSTILE, announce, offer_token, opened, sign_in, start_guard

COMPLAINT_OF_A_LOST_GUARD = "net::ERR_"


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def test_without_tokens_the_page_needs_no_sign_in(stack, browser):
    guard = start_guard(stack, tokens=False)
    announce(guard, "shop")
    browser.open(guard.url)
    browser.sees("shop in production")
    browser.sees("Live", "header")
    assert not browser.count("#token")
    assert browser.complaints() == []


def test_a_wrong_token_is_refused_in_words_and_not_kept(guard, browser):
    offer_token(browser, guard.url, "guessed")
    browser.sees("That did not work: this token is not known.", "[role=alert]")
    assert browser.run("sessionStorage.length") == 0


def test_the_token_is_kept_for_the_tab_until_it_is_signed_out(guard, browser):
    sign_in(browser, guard)
    browser.reload()
    browser.sees("Under watch")
    browser.click("role=button[name='Sign out']")
    browser.sees("Sign in", "h1")
    assert browser.run("sessionStorage.length + localStorage.length") == 0


def test_who_stays_signed_in_opens_a_link_of_an_alert_in_a_new_tab(guard, browser):
    announce(guard, "shop")
    browser.open(guard.url)
    browser.sees("Sign in", "h1")
    browser.click("#stay")
    browser.type("#token", "operator-has-this-token")
    browser.press("Enter")
    browser.sees("Live", "header")
    assert browser.run("sessionStorage.length + localStorage.length + document.cookie.length") == 0, "no script has it"
    browser.open(f"{guard.url}/#/releases/r1")
    browser.sees("What happens next")
    browser.sees("operator, operate", "header")
    browser.click("main >> role=button[name='Pause']")
    browser.sees("The window stands still meanwhile.", "dialog")
    browser.click("dialog >> button[type=submit]")
    wait_until(lambda: guard.release("r1")["paused"], "the order is taken from the page")
    browser.click("role=button[name='Sign out']")
    browser.sees("Sign in", "h1")
    browser.reload()
    browser.sees("Sign in", "h1")


def test_a_new_release_appears_without_reloading_the_page(guard, browser):
    sign_in(browser, guard)
    browser.sees("No release is being watched.")
    announce(guard, "shop")
    browser.sees("shop in production", "main")
    browser.sees("left of the window", "main")


def test_what_has_not_happened_yet_is_called_next(guard, browser):
    post_json(f"{guard.url}/api/v1/releases",
              {"id": "r1", "service": "shop", "environment": "production", "version": "v2", "previous_version": "v1",
               "phase": "deploying"}, guard.token)
    sign_in(browser, guard)
    browser.sees("Deploying", "main")
    assert browser.sees("Next: ", ".countdown").startswith(f"Next: {guard.release('r1')['next'][0]['what']}")


def test_the_timeline_is_in_words(guard, browser):
    announce(guard, "broken")
    guard.wait_phase("r1", "verifying")
    opened(browser, guard)
    browser.sees("verifying: ", ".timeline")
    seen = browser.sees("error_rate: breached, it was pending: 20% against < 1%", ".timeline")
    assert "->" not in seen.replace("v1 -> v2", "") and "_" not in seen.replace("error_rate", "").replace("switch_back", "")
    browser.sees("Roll back, because error_rate: 20% against < 1%", ".cause")
    assert "breach_sustained" not in browser.text("main")


def test_a_release_that_needs_a_person_comes_first_and_marks_the_tab(guard, browser):
    sign_in(browser, guard)
    announce(guard, "asking")
    browser.sees("A person is needed (1)", "h2")
    assert browser.title() == "(1) Release Guard"


def test_the_focus_stays_where_it_is_when_the_list_changes(guard, browser):
    announce(guard, "shop")
    sign_in(browser, guard)
    browser.sees("shop in production", "main")
    browser.run("document.querySelector('main h3 a').focus()")
    announce(guard, "broken", "r2")
    browser.sees("broken in production", "main")
    assert browser.run("document.activeElement.textContent") == "shop in production"


def test_what_ended_long_ago_is_one_click_away_and_what_needs_a_person_is_always_there(guard, browser):
    announce(guard, "asking", "r0")
    guard.wait_phase("r0", "awaiting_approval")
    for number in range(1, 56):
        announce(guard, "shop", f"r{number}")
        assert guard.call("POST", f"/api/v1/releases/r{number}/abort").status == 200
    sign_in(browser, guard)
    browser.sees("A person is needed (1)", "h2")
    browser.sees("Ended (50 newest)", "h2")
    browser.click("role=button[name='Show older releases']")
    browser.sees("Ended (55)", "h2")
    browser.type("#filter", "asking")
    browser.sees("None is like that.", "main")
    browser.sees("A person is needed (1)", "h2")


def test_a_hooks_output_is_shown_from_its_end(guard, browser):
    (guard.directory / "switch_back.sh").write_text("#!/bin/sh\nseq 300\necho this is the end\n")
    announce(guard, "broken")
    guard.wait_phase("r1", "verifying")
    opened(browser, guard)
    browser.sees("this is the end", "pre.output")
    hidden, below = browser.run("""(() => {
      const output = document.querySelector("pre.output");
      const text = document.createRange();
      text.selectNodeContents(output);
      const [inside, outside] = [text.getBoundingClientRect(), output.getBoundingClientRect()];
      return [inside.height - outside.height, inside.bottom - outside.bottom];
    })()""")
    assert hidden > 100 and below < 1, (hidden, below)


def test_a_token_that_no_header_can_carry_is_said_to_be_none(guard, browser):
    offer_token(browser, guard.url, "operator-has\u200b-this-token")
    browser.sees("This is no token", "[role=alert]")


def test_the_page_works_below_a_path_that_a_proxy_gives_it(stack, guard, browser):
    front = stack.add(Nginx(stack.directory, guard.address, path="/guard/", health="-/healthy"))
    announce(guard, "shop")
    offer_token(browser, f"{front.url}/guard/#/releases/r1", guard.token)
    browser.sees("What happens next")
    guard.call("POST", "/api/v1/releases/r1/pause")
    browser.sees("Paused", "main")
    browser.click("main >> role=button[name='Resume']")
    browser.click("dialog >> button[type=submit]")
    wait_until(lambda: not guard.release("r1")["paused"], "the order has come through")


def test_a_guard_that_is_gone_is_said_at_once_and_found_again(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    opened(browser, guard)
    guard.kill()
    browser.sees("Not live", "header")
    browser.sees("What you see is from", "[role=alert]")
    guard.start()
    browser.sees("Live", "header")
    wait_until(lambda: not browser.texts("#banners [role=alert]"), "the warning is gone")
    guard.call("POST", "/api/v1/releases/r1/pause")
    browser.sees("Paused", "main")
    strange = [words for words in browser.complaints() if COMPLAINT_OF_A_LOST_GUARD not in words]
    assert strange == []


def test_names_from_outside_stay_text(guard, browser):
    announce(guard, HOSTILE, version="<script>alert(2)</script>")
    sign_in(browser, guard)
    browser.sees("<img src=x onerror=alert(1)>", "main")
    browser.click("main h3 a")
    browser.sees("<script>alert(2)</script>", "main")
    browser.click("main >> role=button[name='Roll back']")
    browser.sees("<img src=x", "dialog")
    assert browser.count("img") == 0
    assert browser.count("main script") == 0
    # Its direction stays inside its own element.
    assert browser.run("getComputedStyle(document.querySelector('h1 bdi')).unicodeBidi") == "isolate"
    assert browser.complaints() == []


def test_an_unknown_release_is_said_to_be_unknown(guard, browser):
    sign_in(browser, guard)
    browser.open(f"{guard.url}/#/releases/nothing")
    browser.sees('there is no release "nothing".')


def test_a_chart_says_in_words_and_as_a_table_what_it_shows(guard, browser):
    announce(guard, "broken")
    guard.wait_phase("r1", "verifying")
    opened(browser, guard)
    browser.sees("Worst 20% at", "figcaption")
    assert "Chart of error_rate. Worst 20% at" in browser.attribute(".plot", "aria-label")
    browser.click("text=As a table")
    assert "20%" in browser.sees("Objective", "table")
    assert browser.count("canvas") == 1
