# SPDX-License-Identifier: Apache-2.0
"""A pipeline's side of a test: the folder that it runs in, and how runners run what docs/pipelines.md shows."""

import os
import re
import subprocess

import yaml

from stack.guard import BINARY
from stack.server import ROOT

DOCUMENT = (ROOT / "docs" / "pipelines.md").read_text()
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
# As an sshd: another environment, another folder, and a shell that reads what is sent.
SSH = """#!/bin/bash
printf '%s\\n' "$@" > "$SSH_LOG"
[ "${*: -2}" = "bash -s" ] || exit 99
cd "$SSH_HOME" && exec env -i HOME="$SSH_HOME" PATH="$PATH" bash -s
"""


def block(beginning):
    """The example of the document that begins so."""
    return next(text for text in re.findall(r"^```\w+\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
                if text.startswith(beginning))


def executable(path, lines):
    path.write_text(lines if lines.startswith("#!") else f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)


def furnish(folder):
    """The program on its PATH, and a deployment that writes down what it was given."""
    (folder / "bin").mkdir()
    (folder / "bin" / "release-guard").symlink_to(BINARY)
    executable(folder / "deploy.sh", 'echo "$1 $RELEASE_GUARD_RELEASE" > deployed; echo deploying')
    return folder


def run(folder, guard, command, **variables):
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "RELEASE_GUARD_SERVER": guard.url,
                   **variables}
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=120, check=False)


def step(folder, guard, **inputs):
    """Runs the action's step as a runner does; what it gives out."""
    given = {name: inputs.get(name.replace("-", "_"), known.get("default", "")) for name, known in ACTION["inputs"].items()}
    (only,) = ACTION["runs"]["steps"]
    fill = lambda text: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], text)
    output = folder / "github-output"
    done = run(folder, guard, ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", only["run"]],
               **{name: fill(value) for name, value in only["env"].items()}, GITHUB_OUTPUT=str(output),
               GITHUB_SERVER_URL="https://github.com", GITHUB_REPOSITORY="o/r", GITHUB_RUN_ID="9",
               SSH_LOG=str(folder / "ssh.log"), SSH_HOME=str(folder / "home"))
    return done, output.read_text() if output.exists() else ""
