# SPDX-License-Identifier: Apache-2.0
"""The host that docker-compose.yml is started on: podman behind docker's API, and what a host has besides."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from stack import get, wait_until

OVERRIDE = Path(__file__).resolve().with_name("override.yml")
SOCKET = "unix:///run/docker.sock"
COMMAND_SECONDS = 180
BETWEEN_CHECKS = 3.0


def output(*words, **how):
    """What a command prints; the command and all of that if it fails."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **how)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout.strip()


def forget():
    """Nothing is taken over from a time that was cut short."""
    output("podman", "rm", "--all", "--force", "--time=0")
    output("podman", "volume", "prune", "--force")
    output("podman", "network", "prune", "--force")


class Compose:
    """docker compose in a folder, without what cannot be had here."""

    def __init__(self, folder):
        self._folder = folder
        self._environment = {**os.environ, "DOCKER_HOST": SOCKET, "COMPOSE_ANSI": "never",
                             "COMPOSE_FILE": f"docker-compose.yml:{OVERRIDE}"}

    def __call__(self, *words):
        return output("docker", "compose", *words, cwd=self._folder, env=self._environment, timeout=COMMAND_SECONDS)

    def inside(self, service, *words):
        return self("exec", "-T", service, *words)

    def token(self, name):
        return (self._folder / "secrets" / f"{name}.token").read_text().strip()


@contextlib.contextmanager
def running(*words, **how):
    """A program that runs as long as the block; a person's Ctrl-C is not for it."""
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True, **how)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def health_checks():
    """podman leaves it to systemd's timers to ask when a health check is due, and the machine has no systemd."""
    ended = threading.Event()

    def ask():
        while not ended.wait(BETWEEN_CHECKS):
            for name in subprocess.run(["podman", "ps", "--format={{.Names}}"], text=True, stdout=subprocess.PIPE,
                                       check=False).stdout.split():
                subprocess.run(["podman", "healthcheck", "run", name], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False)
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextlib.contextmanager
def receiver(folder):
    """What runs the rollback on the host, started as the head of docker-compose.yml says. This machine's host has no other
    network than that of the containers, so it may listen everywhere."""
    (folder / "receiver.json").write_text(json.dumps({
        "listen": "0.0.0.0:8930", "secret_file": "secrets/hook.secret", "state": "receiver",
        "hooks": {"promote_to_prod": {"argv": ["/bin/echo", "{previous_version}", "rollback"], "timeout": 600}}}))
    with open(folder / "receiver.log", "wb") as log, running(
            sys.executable, "-B", "docs/hook_receiver.py", "--config=receiver.json", cwd=folder, stderr=log, stdout=log):
        wait_until(lambda: get("http://127.0.0.1:8930/healthy"), "the receiver listens")
        yield


def engine():
    """docker's API, as long as the block."""
    return running("podman", "system", "service", "--time=0", SOCKET)
