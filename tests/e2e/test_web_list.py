# SPDX-License-Identifier: Apache-2.0
"""The list of releases: what is open leads and is drawn, what has ended takes a line, and filters live in the address."""

import json
import re

import pytest
import yaml

from stack import post_json, wait_until
from web_guard import HEALTHY, announce, group, sign_in, start_guard

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
ASKED = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/series?')).length"


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def order(guard, release, verb):
    assert guard.call("POST", f"/api/v1/releases/{release}/{verb}").status == 200


def end_some(guard, count, first=1, **more):
    for number in range(first, first + count):
        announce(guard, "shop", f"r{number}", f"v{number + 1}", **more)
        order(guard, f"r{number}", "abort")


def drawn(browser):
    return wait_until(lambda: browser.count(".spark.drawn"), "a drawing is there")


def test_an_open_release_shows_the_objective_that_is_nearest_to_its_bound(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    sign_in(browser, guard)
    assert browser.sees("error_rate", ".nearest figcaption") == "error_rate 0.2% must be < 1%"
    drawn(browser)
    assert "M" in browser.attribute(".spark .value", "d") and "L" in browser.attribute(".spark .bound", "d")
    assert browser.attribute(".spark", "aria-label") == "error_rate: 0.2%, must be < 1%. Holds."
    above, below = browser.run("""['.spark .value', '.spark .bound'].map((at) => {
      const { top, height } = document.querySelector(at).getBoundingClientRect();
      return top + height / 2;
    })""")
    assert below < above, "the bound lies above a value that keeps it"
    assert browser.complaints() == []


def test_only_what_is_on_the_screen_is_asked_for(guard, browser):
    for number in range(40):
        announce(guard, "shop", f"r{number}", environment=f"e{number}")
    guard.wait_phase("r0", "watching")
    browser.size(1280, 800)
    sign_in(browser, guard)
    browser.sees("Under watch (40)", "h2")
    drawn(browser)
    # The drawings of a screen are asked for one after the other, and nothing more once they are there.
    wait_until(lambda: browser.count(".spark.drawn") >= 3, "what is on the screen is drawn")
    assert browser.run(ASKED) <= 12
    below = ".rows > li:nth-child(30)"
    assert not browser.count(f"{below} .spark.drawn")
    browser.run(f"document.querySelector('{below}').scrollIntoView()")
    wait_until(lambda: browser.count(f"{below} .spark.drawn"), "what comes into view is drawn")
    assert browser.run(ASKED) < 35, "what was scrolled past is not asked for"


def test_thirty_that_have_ended_fit_a_screen_a_line_each(guard, browser):
    end_some(guard, 32)
    browser.size(1920, 1080)
    sign_in(browser, guard)
    browser.sees("Ended (32)", "h2")
    thirtieth = browser.box(".ended tbody tr:nth-child(30)")
    assert thirtieth["y"] + thirtieth["height"] <= 1080
    line = browser.text(".ended tbody tr:nth-child(1)")
    assert re.fullmatch(rf"{TIME}\s+shop in production\s+v33\s+Aborted\s+\d+s\s+operator", line.strip()), line
    heights = browser.run("[...document.querySelectorAll('.ended tbody tr')].map((row) => row.offsetHeight)")
    assert max(heights) < 30


def test_a_line_says_what_broke(guard, browser):
    announce(guard, "broken")
    guard.wait_phase("r1", "verifying")
    order(guard, "r1", "abort")
    sign_in(browser, guard)
    browser.sees("error_rate", ".of-what-broke")


def test_filters_live_in_the_address_and_are_kept_on_the_way_back(guard, browser):
    announce(guard, "broken", "old")
    guard.wait_phase("old", "verifying")
    order(guard, "old", "abort")
    announce(guard, "shop", "watched", environment="staging")
    end_some(guard, 3)
    sign_in(browser, guard)
    browser.sees("Ended (4)", "h2")
    browser.choose("#environment", "production")
    browser.choose("#outcome", "aborted")
    browser.type("#filter", "bro")
    browser.sees("Ended (1)", "h2")
    browser.sees("Under watch (0)", "h2")
    assert browser.run("location.hash") == "#/?service=bro&environment=production&outcome=aborted"
    browser.click(".ended a")
    browser.sees("What happens next")
    browser.click("main >> role=link[name='All releases']")
    browser.sees("Ended (1)", "h2")
    browser.reload()
    browser.sees("Ended (1)", "h2")
    assert browser.run("document.querySelector('#outcome').value") == "aborted"
    browser.click("role=link[name='Release Guard']")
    browser.sees("Ended (4)", "h2")
    assert browser.run("document.querySelector('#filter').value") == ""
    assert [words for words in browser.complaints() if "401" not in words] == []


def test_what_is_filtered_for_is_found_however_much_has_ended_since(guard, browser):
    end_some(guard, 1, environment="staging")
    end_some(guard, 52, first=2)
    sign_in(browser, guard)
    browser.sees("Ended (50 newest)", "h2")
    browser.choose("#environment", "staging")
    browser.sees("Ended (1)", "h2")
    browser.sees("shop in staging", ".ended")


def test_no_filter_hides_that_a_person_is_waited_for(guard, browser):
    announce(guard, "asking")
    guard.wait_phase("r1", "awaiting_approval")
    sign_in(browser, guard, path="/#/?service=shop")
    browser.sees("1 more release needs a person, and is not among those shown here.", "main")
    assert browser.title() == "(1) Release Guard"
    browser.click("role=link[name='Show all']")
    browser.sees("A person is needed (1)", "h2")
    assert browser.count(".row.waits") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(guard, browser, scheme):
    browser.size(390, 844)
    browser.media(colorScheme=scheme)
    end_some(guard, 2)
    announce(guard, "shop", "r9", "v9-with-a-name-that-is-much-too-long-for-a-line-on-a-phone")
    guard.wait_phase("r9", "watching")
    sign_in(browser, guard)
    drawn(browser)
    assert browser.run("document.documentElement.scrollWidth") == 390


def test_the_head_says_what_holds_everybody_back_for_as_long_as_it_does(guard, browser):
    guard.configuration.update(brakes={"kill_switch_file": "halt"}, freezes=[
        {"match": ['service="shop"'], "from": "2020-01-01T00:00:00Z", "until": "2200-01-01T00:00:00Z", "reason": "the sale is on"}])
    guard.write_configuration()
    assert guard.call("POST", "/-/reload").status == 200
    sign_in(browser, guard)
    frozen = "Releases are frozen until 2200-01-01 00:00:00 UTC: the sale is on."
    assert browser.sees(frozen, ".list > .banner.warn") == frozen
    (guard.directory / "halt").touch()
    off = "The kill switch is on: nothing is rolled back automatically."
    assert browser.sees(off, ".list > .banner.warn") == f"{off} {frozen}"
    (guard.directory / "halt").unlink()
    del guard.configuration["freezes"]
    guard.write_configuration()
    assert guard.call("POST", "/-/reload").status == 200
    wait_until(lambda: browser.run("document.querySelector('.list > .banner.warn').hidden"), "nothing holds anybody back")


def test_rolled_back_has_not_the_colour_of_passed(guard, browser):
    rules = yaml.safe_load((guard.directory / "rules.yml").read_text())
    told = group("told", HEALTHY)
    told["rules"] = [{"slo": "tests", "signal": "tests", "objective": "succeeded"}]   # nothing to wait for after the hook
    rules["groups"].append(told)
    (guard.directory / "rules.yml").write_text(yaml.safe_dump(rules))
    assert guard.call("POST", "/-/reload").status == 200
    announce(guard, "quick", "good")
    announce(guard, "told", "bad")
    post_json(f"{guard.url}/api/v1/releases/bad/signal", {"name": "tests", "status": "failed"}, guard.token)
    guard.wait_phase("good", "passed")
    guard.wait_phase("bad", "rolled_back")
    sign_in(browser, guard)
    browser.sees("Ended (2)", "h2")
    look = "(({ color, backgroundColor }) => color + backgroundColor)(getComputedStyle(document.querySelector(%s)))"
    of = {release: browser.run(look % json.dumps(f".ended tr:has([href$='/{release}']) .mark")) for release in ("good", "bad")}
    assert of["good"] != of["bad"]
    for release, word in (("good", "Passed"), ("bad", "Rolled back")):
        browser.open(f"{guard.url}/#/releases/{release}")
        browser.sees(word, ".badge.big")
        of[release] = browser.run(look % json.dumps(".badge.big"))
    assert of["good"] != of["bad"]
