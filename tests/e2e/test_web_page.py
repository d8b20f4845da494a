# SPDX-License-Identifier: Apache-2.0
"""The page at / in a real browser, on small guards whose releases do what each test needs."""

import json

import pytest
import yaml

from stack import Browser, Guard, Prometheus, post_json, wait_until

# Every service has a group of its own; what it measures is a constant, so that each release ends as it must.
HEALTHY, BROKEN = "vector(0.002)", "vector(0.2)"
TOKENS = {"operator": "operate", "reader": "read", "pipeline": "deploy"}
HOSTILE = "<img src=x onerror=alert(1)>\"'&\u202eevil"
HOOK = """#!/bin/sh
echo "switching <b>back</b> to $1"
"""
COMPLAINT_OF_A_LOST_GUARD = "net::ERR_"


def group(service, expr, mode="enforce", window="10m"):
    return {"name": f"of {service[:8]}", "match": [f"service={json.dumps(service, ensure_ascii=False)}"], "window": window,
            "rollback": {"hook": "switch_back", "mode": mode, "verify": "5m"},
            "rules": [{"slo": "error_rate", "expr": expr, "objective": "< 1%", "preexisting": "rollback"},
                      {"slo": "tests", "signal": "tests", "objective": "succeeded", "action": "warn"}]}


def add_guard(stack, tokens=True):
    prometheus = stack.add(Prometheus(stack.directory))
    guard = stack.adopt(Guard(stack.directory, {}, token="operator-has-this-token" if tokens else None))
    rules = {"defaults": {"interval": "1s", "settle": "0s", "for": "1s", "on_no_data": "hold", "on_error": "hold"},
             "groups": [group("shop", HEALTHY), group("broken", BROKEN), group("asking", BROKEN, "ask"),
                        group(HOSTILE, HEALTHY)]}
    (guard.directory / "rules.yml").write_text(yaml.safe_dump(rules))
    hook = guard.directory / "switch_back.sh"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    guard.configuration = {
        "prometheus": {"url": prometheus.url}, "rule_files": ["rules.yml"],
        "hooks": [{"name": "switch_back", "command": {"argv": ["./switch_back.sh", "{{ previous_version }}"], "dir": "."}}]}
    if tokens:
        guard.configuration["tokens"] = [
            {"name": name, "role": role, "token_file": str(guard.write_token(f"{name}.token", f"{name}-has-this-token"))}
            for name, role in TOKENS.items()]
    return guard.start()


def announce(guard, service, release="r1", version="v2"):
    post_json(f"{guard.url}/api/v1/releases", {"id": release, "service": service, "environment": "production",
                                               "version": version, "previous_version": "v1"}, guard.token)


@pytest.fixture
def guard(stack):
    return add_guard(stack)


@pytest.fixture
def browser():
    with Browser() as running:
        yield running


def sign_in(browser, guard, name="operator", path="/"):
    browser.open(guard.url + path)
    browser.sees("Sign in", "h1")
    browser.type("#token", f"{name}-has-this-token")
    browser.press("Enter")
    browser.sees("Live", "header")
    # The page asked who visits before it knew: that is how it learns that a token is needed.
    assert [words for words in browser.complaints() if "401" not in words] == []


def opened(browser, guard, release="r1", name="operator"):
    sign_in(browser, guard, name, f"/#/releases/{release}")
    browser.sees("What happens next")


def test_without_tokens_the_page_needs_no_sign_in(stack, browser):
    guard = add_guard(stack, tokens=False)
    announce(guard, "shop")
    browser.open(guard.url)
    browser.sees("shop in production")
    browser.sees("Live", "header")
    assert not browser.count("#token")
    assert browser.complaints() == []


def test_a_wrong_token_is_refused_in_words_and_not_kept(guard, browser):
    browser.open(guard.url)
    browser.sees("Sign in", "h1")
    browser.type("#token", "guessed")
    browser.press("Enter")
    browser.sees("That did not work: this token is not known.", "[role=alert]")
    assert browser.run("sessionStorage.length") == 0


def test_the_token_is_kept_for_the_tab_until_it_is_signed_out(guard, browser):
    sign_in(browser, guard)
    browser.reload()
    browser.sees("Under watch")
    browser.click("role=button[name='Sign out']")
    browser.sees("Sign in", "h1")
    assert browser.run("sessionStorage.length + localStorage.length") == 0


def test_a_new_release_appears_without_reloading_the_page(guard, browser):
    sign_in(browser, guard)
    browser.sees("No release is being watched.")
    announce(guard, "shop")
    browser.sees("shop in production", "main")
    browser.sees("left of the window", "main")


def test_a_release_that_needs_a_person_comes_first_and_marks_the_tab(guard, browser):
    sign_in(browser, guard)
    announce(guard, "asking")
    browser.sees("A person is needed (1)", "h2")
    assert browser.title() == "(1) Release Guard"


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
    for address in ["/#/", "/#/releases/r1", "/#/releases/r2"]:
        browser.open(guard.url + address)
        browser.sees("production", "main")
        wait_until(lambda: browser.texts("main h2"), "the view is there")
        assert browser.run(NAMES) == []
        assert browser.run(CONTRAST) == []


def test_a_chart_says_in_words_and_as_a_table_what_it_shows(guard, browser):
    announce(guard, "broken")
    guard.wait_phase("r1", "verifying")
    opened(browser, guard)
    browser.sees("Worst 20% at", "figcaption")
    assert "Chart of error_rate. Worst 20% at" in browser.attribute(".plot", "aria-label")
    browser.click("text=As a table")
    assert "20%" in browser.sees("Objective", "table")
    assert browser.count("canvas") == 1


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
    browser.press("Tab")
    browser.press("Tab")
    browser.press("Enter")
    browser.sees("What happens next")
    wait_until(lambda: browser.run("document.activeElement.tagName") == "H1", "the focus is on the new title")
    browser.press("Tab")
    browser.press("Enter")
    browser.sees("Pause the watch of shop in production?", "dialog")
