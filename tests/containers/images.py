#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every image that docker-compose.yml names, in the machine of containers.sh, as far as it can be made of Debian's packages.

    images.py CHECKOUT

The project's own are built by the Dockerfile as it stands. For those of others Debian's program stands under the tag that
is named, with the user and the entry point that the image has.
"""

import subprocess
import sys
from pathlib import Path

import yaml

ROOTS = Path("build/packages/roots")
WORK = Path("build/containers")
STAND_INS = ("prometheus", "alertmanager", "node-exporter", "redis", "redis-exporter")
OWN = {"demo-service": "backend-blue", "guard": "release-guard"}   # stages of the Dockerfile -> a service that runs it


def podman(*words):
    subprocess.run(["podman", *map(str, words)], stdin=subprocess.DEVNULL, check=True)


def exists(image):
    return subprocess.run(["podman", "image", "exists", image], check=False).returncode == 0


def full_name(image):
    """As docker understands it: a name without a registry is one of docker.io's."""
    return f"docker.io/{image if '/' in image else f'library/{image}'}"


def import_root(image, root):
    """The image is that root, as it was made: one that is made anew is imported anew, and what was built on it with it."""
    made, imported = ROOTS / f"{root}.made", WORK / f"{root}.imported"
    if exists(image) and imported.exists() and imported.stat().st_mtime > made.stat().st_mtime:
        return
    tar = subprocess.Popen(["tar", "-C", ROOTS / root, "-c", "."], stdout=subprocess.PIPE)
    subprocess.run(["podman", "import", "--quiet", "-", image], stdin=tar.stdout, check=True)
    if tar.wait() != 0:
        sys.exit(f"{root} could not be packed")
    imported.touch()


def build(image, stage, context, *options):
    """With the network of this machine, for what comes from Debian's and from npm's servers; in docker's format, which has
    health checks."""
    print(f"\n-- {image}", flush=True)
    podman("build", "--format=docker", "--network=host", f"--target={stage}", f"--tag={image}", *options, context)


def main():
    checkout = Path(sys.argv[1])
    services = yaml.safe_load((checkout / "docker-compose.yml").read_text())["services"]
    import_root("docker.io/library/debian:trixie-slim", "trixie-base")
    import_root("localhost/peers", "trixie-peers")
    for name in STAND_INS:
        build(full_name(services[name]["image"]), name, "tests/containers", "--file=tests/containers/peers.Dockerfile")
    for stage, name in OWN.items():
        # What was compiled once is not compiled again after a change elsewhere.
        build(full_name(services[name]["image"]), stage, checkout, f"--volume={(WORK / 'ccache').resolve()}:/root/.cache/ccache")


if __name__ == "__main__":
    main()
