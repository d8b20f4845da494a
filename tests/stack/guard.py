# SPDX-License-Identifier: Apache-2.0
"""The guard itself, as users run it."""

import os
import subprocess
from pathlib import Path

import yaml

from stack.http import get, get_json, request
from stack.server import ROOT, Server
from stack.waiting import wait_until

BINARY = Path(os.environ.get("RELEASE_GUARD_BINARY", ROOT / "build" / "release" / "release-guard"))
COMMAND_SECONDS = 120
FINAL = frozenset({"passed", "breached", "unverified", "rolled_back", "rollback_failed", "aborted", "superseded"})


def run_cli(*arguments, environment=None, timeout=COMMAND_SECONDS):
    """Runs the command line; a CompletedProcess with text output."""
    return subprocess.run([str(BINARY), *(str(argument) for argument in arguments)],
                          env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=timeout, check=False)


class Guard(Server):
    """configuration: the configuration file as a value; paths in it are relative to the guard's directory.
    token: what its own calls here carry, where the configuration demands tokens.
    flags: further ones of `serve`; prefix: the path below which it serves by them, as "/guard".
    """

    name = "release_guard"

    def __init__(self, directory, configuration, token=None, name=None):
        super().__init__(directory, name)
        self.configuration = configuration
        self.token = token
        self.flags = []
        self.prefix = ""
        self.config_file = self.directory / "release-guard.yml"

    @property
    def url(self):
        return super().url + self.prefix

    def argv(self):
        return [BINARY, "serve", f"--config.file={self.config_file}", *self.listening(),
                f"--storage.path={self.directory / 'data'}", *self.flags]

    def listening(self):
        return [f"--web.listen-address={self.address}"]

    def launch(self):
        self.write_configuration()
        return super().launch()

    def write_configuration(self):
        self.config_file.write_text(yaml.safe_dump(self.configuration, sort_keys=False))

    def ready(self):
        return get(f"{self.url}/-/ready").status == 200

    def write_token(self, name, token):
        """A token file in its directory, readable by this user alone; its path."""
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text(token + "\n")
        return path

    def run(self, *arguments, token_file=None):
        """Runs the command line against this guard; a CompletedProcess with text output."""
        extra = {"RELEASE_GUARD_SERVER": self.url}
        if token_file is not None:
            extra["RELEASE_GUARD_TOKEN_FILE"] = str(token_file)
        return run_cli(*arguments, environment=extra)

    def call(self, method, path, body=None, headers=None):
        return request(method, f"{self.url}{path}", body, headers, self.token)

    def release(self, release):
        return get_json(f"{self.url}/api/v1/releases/{release}", self.token)

    def wait_phase(self, release, *phases, seconds=60.0):
        """The release once it stands in one of these phases; fails at once when it ended in another."""
        def arrived():
            seen = self.release(release)
            if seen["phase"] in phases:
                return seen
            assert seen["phase"] not in FINAL, f"{release} ended {seen['phase']}, not {phases}: {seen['reason']}"
            return None
        return wait_until(arrived, f"release {release} is {' or '.join(phases)}", seconds)
