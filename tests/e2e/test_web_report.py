# SPDX-License-Identifier: Apache-2.0
"""The report for people: as a view of the page, as files from it, and as the HTML that is sent around."""

import time

import pytest
import yaml

from stack import wait_until
from web_guard import announce, group, opened, sign_in, start_guard

# A second apart no two values are the same, and the time before the release was the worst.
FALLING = f"vector(0.9 - (time() - {int(time.time())}) / 10000)"
ADDRESS = "/#/releases/r1/report"


@pytest.fixture
def guard(stack):
    return start_guard(stack)


def add_service(guard, service, expr):
    path = guard.directory / "rules.yml"
    rules = yaml.safe_load(path.read_text())
    rules["groups"].append(group(service, expr))
    path.write_text(yaml.safe_dump(rules))
    assert guard.call("POST", "/-/reload").status == 200


def roll_back(guard, service="broken"):
    announce(guard, service)
    guard.wait_phase("r1", "verifying")


def report_of(guard):
    return guard.call("GET", "/api/v1/releases/r1/report?format=json").json()


def test_a_link_to_a_report_asks_for_the_token_and_shows_it(guard, browser):
    roll_back(guard)
    sign_in(browser, guard, "reader", ADDRESS)
    seen = browser.sees("Report: broken in production", "main")
    assert "20% at" in seen and "points, one every 1s" in seen and "because" not in seen
    assert report_of(guard)["cause"] in browser.text(".facts")
    assert "breach_sustained" not in browser.text("main")
    assert "The hook did it" in seen
    browser.sees("Worst 20% at", "figcaption")
    assert browser.complaints() == []


def test_it_is_one_click_from_its_release_and_back(guard, browser):
    announce(guard, "shop", "shop:1")
    sign_in(browser, guard, path="/#/releases/shop%3A1")
    browser.sees("What happens next")
    browser.click("main >> role=link[name='Report']")
    browser.sees("As things stood at", "main")
    assert browser.run("location.hash") == "#/releases/shop%3A1/report"
    wait_until(lambda: browser.run("document.activeElement.tagName") == "H1", "the focus is on the new title")
    browser.click("main >> role=link[name='This release']")
    browser.sees("What happens next")
    assert browser.complaints() == []


# What the page hands to the browser to be saved.
WATCH_FILES = """(() => {
  window.files = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => (blob.text().then((text) => window.files.push({ text })), make.call(URL, blob));
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    window.named = [this.download, this.protocol];
    click.call(this);
  };
})()"""


def test_it_is_saved_as_a_file_with_the_visitors_token(guard, browser):
    roll_back(guard)
    sign_in(browser, guard, "reader", ADDRESS)
    browser.sees("Download as", "main")
    browser.run(WATCH_FILES)
    for number, (name, suffix, words) in enumerate([("HTML", "html", "<dt>Cause</dt>"), ("Markdown", "md", "- Cause: "),
                                                    ("JSON", "json", '"outcome":')], 1):
        browser.click(f"main >> role=button[name='{name}']")
        wait_until(lambda count=number: browser.run("window.files.length") == count, f"{name} is saved")
        assert words in browser.run("window.files.at(-1).text")
        assert browser.run("window.named") == [f"release-r1-report.{suffix}", "blob:"]
    assert browser.complaints() == []


def test_page_and_report_agree_on_the_worst(guard, browser):
    add_service(guard, "falling", FALLING)
    roll_back(guard, "falling")
    figures = report_of(guard)["figures"][0]
    assert figures["worst_at"] >= guard.release("r1")["live_at"], "before the release it was worse"
    opened(browser, guard)
    worst = browser.sees("Worst", "figcaption").split(";")[0].removeprefix("Worst ")
    assert figures["worst_at"][11:19] in worst
    browser.open(guard.url + ADDRESS)
    cells = browser.sees("points, one every 1s", ".wide tbody")
    assert worst in cells


def test_one_that_does_not_exist_is_said_to_be_unknown(guard, browser):
    sign_in(browser, guard)
    browser.open(f"{guard.url}/#/releases/nothing/report")
    browser.sees('there is no release "nothing".')


@pytest.mark.parametrize("width", [375, 1280])
def test_the_html_report_fits_the_screen(stack, browser, width):
    guard = start_guard(stack, tokens=False)
    roll_back(guard)
    browser.size(width, 800)
    browser.open(f"{guard.url}/api/v1/releases/r1/report?format=html")
    browser.sees("after the rollback", "table")
    assert browser.run("document.documentElement.scrollWidth") == width
    chart, table = browser.box("svg.chart"), browser.box(".scroll")
    for box in (chart, table):
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert browser.run("document.querySelector('.scroll').scrollWidth") < table["width"] + 1, "no figure is out of sight"
    assert chart["width"] / chart["height"] == pytest.approx(720 / 266, rel=0.01)
    assert browser.complaints() == []


def test_a_long_hook_output_does_not_bury_the_html_report(stack, browser):
    guard = start_guard(stack, tokens=False)
    (guard.directory / "switch_back.sh").write_text("#!/bin/sh\nseq -f 'step %g of 900 is done' 900\n")
    roll_back(guard)
    browser.size(375, 800)
    browser.open(f"{guard.url}/api/v1/releases/r1/report?format=html")
    browser.sees("all 900 lines", "summary")
    folded = browser.run("document.documentElement.scrollHeight")
    assert folded < 6000
    assert "step 881 of" in browser.text("pre") and "step 880 of" not in browser.text("pre")
    browser.click("summary")
    wait_until(lambda: browser.run("document.documentElement.scrollHeight") > folded + 900 * 15, "all of it is shown")
    assert browser.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_view_of_it_fits_a_phone(guard, browser, scheme):
    browser.size(375, 700)
    browser.media(colorScheme=scheme)
    roll_back(guard)
    sign_in(browser, guard, path=ADDRESS)
    browser.sees("Worst 20% at", "figcaption")
    assert browser.run("document.documentElement.scrollWidth") == 375
    assert browser.run("document.querySelector('.wide').scrollWidth") < browser.box(".wide")["width"] + 1


# What a person reads of a report, whether it is the page's or a file.
TOLD = """(() => {
  const shown = (at) => [...document.querySelectorAll(at)].filter((node) => node.checkVisibility());
  const texts = (at) => shown(at).map((node) => node.innerText.replace(/\\s+/g, " ").trim());
  return { head: texts("h1, h2, .badge.big"), facts: texts("dl dt, dl dd"), figures: texts("table tbody th, table tbody td"),
           columns: texts("table thead th"), decisions: texts(".card .badge, .card pre, .card h4"),
           timeline: texts(".timeline li").slice(0, 30) };
})()"""


def test_page_and_html_report_say_the_same(stack, browser):
    guard = start_guard(stack, tokens=False)
    roll_back(guard)
    assert guard.call("POST", "/api/v1/releases/r1/abort").status == 200
    browser.open(guard.url + ADDRESS)
    browser.sees("Worst 20% at", "figcaption")
    browser.sees("Within 24 hours", "main")
    browser.run("document.querySelectorAll('figure details').forEach((node) => node.remove())")
    page = browser.run(TOLD)
    browser.open(f"{guard.url}/api/v1/releases/r1/report?format=html")
    browser.sees("Timeline", "h2")
    report = browser.run(TOLD)
    for part, words in page.items():
        assert report[part] == words, part
    assert "Aborted" in page["head"] and "The hook did it" in page["decisions"]
    assert any(words.endswith(" after the rollback; breached before it") for words in page["figures"])
    assert browser.complaints() == []


def test_the_html_report_can_be_read_in_the_dark_and_on_paper(stack, browser):
    guard = start_guard(stack, tokens=False)
    roll_back(guard)
    browser.media(colorScheme="dark")
    browser.open(f"{guard.url}/api/v1/releases/r1/report?format=html")
    browser.sees("Timeline", "h2")
    colours = "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))"
    assert browser.run(colours) == ["rgb(233, 235, 238)", "rgb(15, 18, 22)"]
    browser.media(colorScheme="dark", media="print")
    assert browser.run(colours) == ["rgb(23, 26, 31)", "rgba(0, 0, 0, 0)"]
    assert browser.complaints() == []
