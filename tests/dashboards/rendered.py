# SPDX-License-Identifier: Apache-2.0
"""The dashboards in a browser, drawn by Perses: the page of tests/dashboards/perses, served beside their files."""

import functools
import http.server
import shutil
import subprocess
import threading
from urllib.parse import urlencode

from dashboards.model import FILES, HERE
from stack.waiting import wait_until

SIZE = (1600, 2400)   # all of the longest; a part that is outside of the window is drawn only when it is looked at


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_what):
        pass


class Rendered:
    """Serves while its `with` block lasts. Draws what `scenario` recorded, in this browser."""

    def __init__(self, folder, scenario, browser):
        self.scenario, self.browser = scenario, browser
        subprocess.run(["node", HERE / "perses" / "build.mjs", folder], check=True, timeout=120)
        for file in FILES:
            shutil.copy(file, folder)
        handler = functools.partial(Quiet, directory=folder)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._server.server_close()

    def open(self, dashboard, **variables):
        """Opens a dashboard, over all that was recorded, and waits until each of its panels has got its answer."""
        parameters = {"dashboard": dashboard.name, "prometheus": self.scenario.prometheus.url,
                      "start": int(self.scenario.began * 1000), "end": int(self.scenario.ended * 1000),
                      **{f"var-{name}": value for name, value in variables.items()}}
        self.browser.size(*SIZE)
        self.browser.open(f"http://127.0.0.1:{self._server.server_port}/page.html?{urlencode(parameters, doseq=True)}")
        wait_until(lambda: (seen := self.panels()) and all(seen.values()), f"{dashboard.name} is drawn", 120)

    def panels(self):
        """What each panel shows, by its title: its text, "a drawing", or nothing as long as it waits for an answer."""
        return dict(self.browser.run("""[...document.querySelectorAll('[data-testid="panel"]')].map((panel) => {
            const shown = panel.querySelector("figure");
            const drawn = shown?.querySelector("canvas, table") ? "a drawing" : "";
            return [panel.querySelector("h6").innerText, shown?.innerText.trim() || drawn];
        })"""))
