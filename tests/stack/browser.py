# SPDX-License-Identifier: Apache-2.0
"""A page in a real browser, for tests of what people see."""

import json
import select
import subprocess

from stack.server import ROOT
from stack.waiting import wait_until

ANSWER_SECONDS = 150.0   # also of a browser that is just starting


class BrowserError(AssertionError):
    """What the browser could not do, in its own words."""


class Browser:
    """One page of Debian's Chromium while its `with` block lasts. Selectors are Playwright's."""

    def __enter__(self):
        self._driver = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", "node", str(ROOT / "tests" / "web" / "driver.mjs")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        return self

    def __exit__(self, *_exception):
        self._driver.stdin.close()
        try:
            self._driver.wait(10)
        except subprocess.TimeoutExpired:
            self._driver.kill()
        self._driver.stdout.close()

    def _call(self, call, **arguments):
        self._driver.stdin.write(json.dumps({"call": call, **arguments}) + "\n")
        ready, _, _ = select.select([self._driver.stdout], [], [], ANSWER_SECONDS)
        line = self._driver.stdout.readline() if ready else ""
        if not line:
            raise BrowserError(f"{call} {arguments}: the browser does not answer")
        answer = json.loads(line)
        if "error" in answer:
            raise BrowserError(f"{call} {arguments}: {answer['error']}")
        return answer["value"]

    def open(self, url):
        self._call("open", url=url)

    def reload(self):
        self._call("reload")

    def click(self, at):
        self._call("click", at=at)

    def hover(self, at):
        self._call("hover", at=at)

    def type(self, at, text):
        self._call("type", at=at, text=text)

    def choose(self, at, value):
        """Of a <select>, the option with this value."""
        self._call("choose", at=at, value=value)

    def press(self, key):
        self._call("press", key=key)

    def texts(self, at):
        """The visible texts of everything this selector finds."""
        return self._call("texts", at=at)

    def text(self, at="body"):
        return "\n".join(self.texts(at))

    def count(self, at):
        return self._call("count", at=at)

    def attribute(self, at, name):
        return self._call("attribute", at=at, name=name)

    def box(self, at):
        return self._call("box", at=at)

    def run(self, body):
        """What this JavaScript expression gives in the page."""
        return self._call("run", body=body)

    def title(self):
        return self._call("title")

    def size(self, width, height):
        self._call("size", width=width, height=height)

    def media(self, **media):
        """colorScheme="dark", reducedMotion="reduce"."""
        self._call("media", **media)

    def knows(self, username, password):
        """What the user writes where the browser itself asks for a password."""
        self._call("knows", username=username, password=password)

    def picture(self, path, full=True):
        self._call("picture", path=str(path), full=full)

    def complaints(self):
        """What the browser has complained about since the last call: errors, CSP violations, dialogs."""
        return self._call("complaints")

    def sees(self, text, at="body", seconds=60.0):
        """Waits until this text is visible there; all that is."""
        def visible():
            seen = self.text(at)
            return seen if text in seen else None
        try:
            return wait_until(visible, f"the page shows {text!r} in {at}", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\nThe page shows:\n{self.text('body')}") from error
