# SPDX-License-Identifier: Apache-2.0
"""The page at / for everybody: on a phone, by keyboard, for screen readers, in light and dark."""

import pytest

from stack import wait_until
from web_guard import announce, sign_in, start_guard


@pytest.fixture
def guard(stack):
    return start_guard(stack)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_a_narrow_phone(guard, browser, scheme):
    browser.size(320, 640)
    browser.media(colorScheme=scheme, reducedMotion="reduce")
    announce(guard, "asking")
    guard.wait_phase("r1", "awaiting_approval")
    sign_in(browser, guard)
    browser.sees("A person is needed (1)")
    assert browser.run("document.documentElement.scrollWidth") == 320
    browser.click("main h3 a")
    browser.sees("Worst", "figcaption")
    assert browser.run("document.documentElement.scrollWidth") == 320
    browser.click("role=button[name='Approve rollback']")
    box = browser.box("dialog >> role=button[name='Approve: back to v1']")
    assert 0 <= box["x"] and box["x"] + box["width"] <= 320 and box["y"] + box["height"] <= 640
    assert browser.complaints() == []


# The share of contrast that WCAG 2 asks of text, for every visible text on its background.
CONTRAST = """(() => {
  const part = (c) => ((c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const numbers = (text) => text.match(/[0-9.]+/g).map(Number);
  const back = (node) => {
    for (; node; node = node.parentElement) {
      const colour = numbers(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest(".uplot, .unseen, .skip, noscript")) continue;
    const [a, b] = [light(numbers(getComputedStyle(node).color)), light(back(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(`${node.tagName}.${node.className} ${node.textContent.slice(0, 40)}`);
  }
  return bad;
})()"""

# What a screen reader needs: names for all that can be pressed or filled in, no id twice, headings without gaps.
NAMES = """(() => {
  const bad = [];
  for (const node of document.querySelectorAll("a, button, input, [role=region], [role=img], [role=group]")) {
    if (!node.checkVisibility()) continue;
    const label = node.labels?.[0]?.textContent || node.getAttribute("aria-label") || node.textContent;
    if (!label.trim()) bad.push(`no name: ${node.outerHTML.slice(0, 80)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => bad.push(`twice: ${id}`));
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter((n) => n.checkVisibility()).map((n) => +n.tagName[1]);
  levels.forEach((level, i) => level > (levels[i - 1] ?? 0) + 1 && bad.push(`heading ${i} jumps to ${level}`));
  for (const name of ["header", "main", "nav"]) if (document.querySelectorAll(name).length !== 1) bad.push(`not one ${name}`);
  if (document.querySelectorAll("h1").length !== 1) bad.push("not one h1");
  if (!document.documentElement.lang) bad.push("no language");
  if (!document.querySelector("[aria-live=polite]")) bad.push("nothing tells of changes");
  return bad;
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_named_ordered_and_has_contrast(guard, browser, scheme):
    browser.media(colorScheme=scheme)
    announce(guard, "broken")
    announce(guard, "asking", "r2")
    guard.wait_phase("r1", "verifying")
    guard.wait_phase("r2", "awaiting_approval")
    sign_in(browser, guard)
    browser.sees("Under watch (1)")
    announce(guard, "shop", "r3")
    assert guard.call("POST", "/api/v1/releases/r3/abort").status == 200
    there = {"/#/in-force": "Rule groups", "/#/rules?group=of%20shop": "the last day"}
    for address in ["/#/", "/#/releases/r1", "/#/releases/r2", "/#/releases/r1/report", *there]:
        browser.open(guard.url + address)
        browser.sees(there.get(address, "production"), "main")
        wait_until(lambda: browser.texts("main h2"), "the view is there")
        assert browser.run(NAMES) == []
        assert browser.run(CONTRAST) == []


def test_it_can_be_used_by_keyboard_alone(guard, browser):
    announce(guard, "shop")
    guard.wait_phase("r1", "watching")
    sign_in(browser, guard)
    browser.sees("shop in production", "main")
    browser.reload()
    browser.sees("shop in production", "main")
    browser.press("Tab")
    assert browser.run("document.activeElement.id") == "skip"
    browser.press("Enter")
    assert browser.run("document.activeElement.id") == "main"
    reached = []
    while "shop in production" not in reached and len(reached) < 6:
        browser.press("Tab")
        reached.append(browser.run("document.activeElement.id || document.activeElement.textContent"))
    assert reached == ["filter", "environment", "outcome", "shop in production"]
    browser.press("Enter")
    browser.sees("What happens next")
    wait_until(lambda: browser.run("document.activeElement.tagName") == "H1", "the focus is on the new title")
    browser.press("Tab")
    browser.press("Enter")
    browser.sees("Pause the watch of shop in production?", "dialog")
