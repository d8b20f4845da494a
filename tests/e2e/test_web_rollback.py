# SPDX-License-Identifier: Apache-2.0
"""The page while a bad release of a real service is rolled back: every phase is seen as it comes, without a reload."""

from demo.demo_stack import DemoStack
from stack import Slack
from stack.production import ENVIRONMENT, SERVICE
from web_guard import offer_token

RELEASE = "page-v1.1.0"


def as_pipeline(demo, *arguments):
    done = demo.guard.run("release", *arguments, token_file=demo.tokens["pipeline"])
    assert done.returncode == 0, done.stderr


def announce(demo, version, previous):
    as_pipeline(demo, "start", "--service", SERVICE, "--environment", ENVIRONMENT, "--version", version,
                "--previous-version", previous, "--id", RELEASE, "--phase", "deploying")


# Notes every word the page shows for the phase, and that it was never loaded again.
WATCH = """(() => {
  window.neverReloaded = true;
  window.phases = [];
  new MutationObserver(() => {
    const words = document.querySelector(".badge.big")?.textContent;
    if (words && words !== window.phases.at(-1)) window.phases.push(words);
  }).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true, attributes: true });
})()"""


def test_a_rollback_is_followed_from_the_first_breach_to_its_end(stack, browser):
    with Slack() as slack:
        follow(DemoStack(stack, slack), browser)


def follow(demo, browser):
    guard = demo.guard
    offer_token(browser, guard.url, guard.token)
    browser.sees("No release is being watched.")
    browser.complaints()
    demo.production.deploy("v1.1.0", error_ratio=0.4)
    announce(demo, "v1.1.0", "v1.0.0")
    browser.sees(SERVICE, "main h3")
    browser.run(WATCH)
    browser.click("main h3 a")
    browser.sees("Deploying", ".badge.big")
    demo.production.promote("v1.1.0")
    as_pipeline(demo, "live", RELEASE)
    guard.wait_phase(RELEASE, "rolled_back")
    browser.sees("Rolled back", ".badge.big")

    phases = browser.run("window.phases")
    assert phases[-1] == "Rolled back", phases
    assert {"Settling", "Watching", "Verifying the rollback"} & set(phases), phases
    assert browser.run("window.neverReloaded") is True
    browser.sees("Roll back, because error_rate:", ".cause")
    browser.sees("v1.0.0 is live", "pre")
    browser.run("[...document.querySelectorAll('main button')].filter((button) => /earlier entries/.test(button.textContent))"
                ".forEach((more) => more.click())")
    for words in ("announced by pipeline", "rolling back: ", "verifying: the rollback hook is done", "rolled back: "):
        browser.sees(words, ".timeline")
    browser.sees("Rolled back", "#announcer")
    # The breach is still in the chart, and so is the end of it.
    assert "Worst" in browser.sees("last 0% at", "figcaption")
    assert browser.texts(".verbs > .buttons > button") == []
    assert browser.complaints() == []
