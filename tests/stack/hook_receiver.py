# SPDX-License-Identifier: Apache-2.0
"""The shipped receiver that runs commands for HTTP hooks."""

import json
import sys

from stack.http import get
from stack.server import ROOT, Server

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


class HookReceiver(Server):
    """hooks: as in its configuration file."""

    name = "hook_receiver"

    def __init__(self, directory, hooks, name=None):
        super().__init__(directory, name)
        self.secret_file = self.directory / "hook.secret"
        self.secret_file.write_text(SECRET + "\n")
        self._config = self.directory / "receiver.json"
        self._config.write_text(json.dumps({"listen": self.address, "secret_file": "hook.secret", "state": "state",
                                            "hooks": hooks}))

    def argv(self):
        return [sys.executable, "-B", ROOT / "docs" / "hook_receiver.py", f"--config={self._config}"]

    def ready(self):
        return get(f"{self.url}/healthy").status == 200
