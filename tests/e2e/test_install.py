# SPDX-License-Identifier: Apache-2.0
"""docs/install.md is true: its commands for a host are run, and what they leave is a guard that starts."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from stack import Guard, get
from stack.guard import BINARY
from stack.server import ROOT

SECTION = re.search(r"^## On a host.*?(?=^## )", (ROOT / "docs" / "install.md").read_text(), re.M | re.S)[0]
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
SYSTEM = ("/usr/local/bin/", "/etc/release-guard", "/etc/systemd/system", "/var/lib/release-guard")
AS_ROOT = os.geteuid() == 0
# A user that nobody here is; without the right to become one, our own.
USER, GROUP = (65532, 65532) if AS_ROOT else (os.geteuid(), os.getegid())


class Host:
    """A folder that stands for the host's root, and programs that stand for what would change the machine itself."""

    def __init__(self, root):
        self.root = root
        self.calls = root / "calls"
        self._repository = root / "repository"
        for folder in ("usr/local/bin", "etc/systemd/system", "var/lib", "stubs", "repository/build/release"):
            (root / folder).mkdir(parents=True)
        (self._repository / "build/release/release-guard").symlink_to(BINARY)
        for name in ("rules", "release-guard.yml", "release-guard.service"):
            (self._repository / name).symlink_to(ROOT / name)
        for name in ("useradd", "systemctl"):
            self._stub(name, f'echo {name} "$@" >>{self.calls}')
        if not AS_ROOT:
            self._stub("setpriv", 'while [ "${1#--}" != "$1" ]; do shift; done; exec "$@"')

    def _stub(self, name, line):
        (self.root / "stubs" / name).write_text(f"#!/bin/sh\n{line}\n")
        (self.root / "stubs" / name).chmod(0o755)

    def run(self, block, umask="022"):
        for path in SYSTEM:
            block = re.sub(rf"(?<![\w/]){path}", f"{self.root}{path}", block)
        for option, number in {"-o ": USER, "-g ": GROUP, "--reuid=": USER, "--regid=": GROUP}.items():
            block = re.sub(rf"{option}release-guard\b", f"{option}{number}", block)
        path = f"{self.root}/stubs:{self.root}/usr/local/bin:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", f"umask {umask}\n{block}"], cwd=self._repository,
                              env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL, text=True, capture_output=True,
                              timeout=60, check=False)
        config = self.etc / "release-guard.yml"
        config.write_text(config.read_text().replace(" /var/lib/release-guard", f" {self.root}/var/lib/release-guard"))
        return done

    @property
    def etc(self):
        return self.root / "etc" / "release-guard"


@pytest.fixture
def host():
    root = Path(tempfile.mkdtemp(prefix="release-guard-e2e-"))
    try:
        root.chmod(0o755)   # pytest's own folder would be closed to the guard's user
        yield Host(root)
    finally:
        shutil.rmtree(root)


@pytest.mark.parametrize("umask", ["022", "077"])
def test_its_commands_leave_a_configuration_that_the_guards_user_finds_nothing_wrong_with(host, umask):
    prepare, start = BLOCKS
    done = host.run(prepare, umask)
    assert (done.returncode, done.stderr) == (0, "")
    done = host.run(start, umask)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("ok: ")
    assert (host.root / "etc/systemd/system/release-guard.service").exists()
    calls = host.calls.read_text().splitlines()
    assert calls[0].startswith("useradd --system") and calls[-1] == "systemctl enable --now release-guard"


def test_only_root_and_the_guard_can_read_what_they_leave(host):
    assert host.run(BLOCKS[0]).returncode == 0
    for path in [host.etc, *host.etc.rglob("*")]:
        assert (path.stat().st_mode & 0o777, path.stat().st_gid) == (0o750 if path.is_dir() else 0o640, GROUP), path
    assert {path.name for path in (host.etc / "secrets").iterdir()} == set(
        re.findall(r"_file: secrets/([\w.]+)", (ROOT / "release-guard.yml").read_text()))


def test_they_make_the_folders_as_the_unit_wants_them(host):
    """systemd complains of a configuration folder with another mode than the unit's."""
    assert host.run(BLOCKS[0]).returncode == 0
    unit = dict(re.findall(r"^(\w+DirectoryMode)=0(\d+)$", (ROOT / "release-guard.service").read_text(), re.MULTILINE))
    made = {"ConfigurationDirectoryMode": host.etc, "StateDirectoryMode": host.root / "var/lib/release-guard"}
    assert unit == {name: f"{path.stat().st_mode & 0o777:o}" for name, path in made.items()}


def test_no_name_of_a_container_is_left(host):
    assert host.run(BLOCKS[0]).returncode == 0
    text = (host.etc / "release-guard.yml").read_text()
    assert set(re.findall(r"https?://([\w.-]+)", text)) == {"127.0.0.1"}


def test_the_guard_starts_with_what_they_leave(stack, host):
    assert host.run(BLOCKS[0]).returncode == 0
    guard = stack.adopt(Guard(stack.directory, {}))
    guard.config_file = host.etc / "release-guard.yml"
    guard.write_configuration = lambda: None
    guard.start()
    assert get(f"{guard.url}/-/ready").status == 200
