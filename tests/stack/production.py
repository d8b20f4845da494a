# SPDX-License-Identifier: Apache-2.0
"""A small production: a blue and a green copy of the demo service behind nginx, Redis, exporters, traffic."""

import shutil
import subprocess

from stack.backends import DEMO, Backend, Traffic
from stack.exporters import NodeExporter, Redis, RedisExporter
from stack.http import get_json
from stack.nginx import Nginx

SERVICE = "meme-maker"
ENVIRONMENT = "production"


class Production:
    """Starts all of it in this stack, with `version` live on blue and nothing on green.

    A release is deploy() (the new version starts on the copy without traffic) and promote() (nginx is switched by
    the same script that a rollback hook calls).
    """

    def __init__(self, stack, version="v1.0.0", rate=20.0, fastapi=False):
        directory = stack.directory
        self.redis = stack.add(Redis(directory))
        self.blue = stack.add(Backend(directory, "blue", self.redis, version, fastapi))
        self.green = stack.adopt(Backend(directory, "green", self.redis, fastapi=fastapi))
        self.nginx = stack.add(Nginx(directory, self.blue.address))
        self.node_exporter = stack.adopt(NodeExporter(directory)).launch()
        queues = [f"meme-maker:jobs:{copy.colour}" for copy in (self.blue, self.green)]
        self.redis_exporter = stack.adopt(RedisExporter(directory, self.redis, queues)).launch()
        self.traffic = stack.add(Traffic(directory, self.nginx.url, rate))
        self.deploy_directory = directory / "deploy"
        self.script = self._install_script()

    @property
    def jobs(self):
        """What Prometheus should scrape, by job name."""
        return {
            "meme-maker-backend": [(copy.address, {"colour": copy.colour}) for copy in (self.blue, self.green)],
            "node-exporter": [self.node_exporter.address],
            "redis-exporter": [self.redis_exporter.address],
        }

    def live_version(self):
        """The version that users reach now."""
        return get_json(f"{self.nginx.url}/health")["version"]

    def live(self):
        """The copy that users reach now."""
        return self.blue if get_json(f"{self.nginx.url}/health")["colour"] == "blue" else self.green

    def idle(self):
        return self.green if self.live() is self.blue else self.blue

    def deploy(self, version, **faults):
        """Starts a version, built with these faults, on the copy without traffic; that copy."""
        return self.idle().deploy(version, **faults)

    def promote(self, version, *kind):
        """Runs the deploy script; its output. Raises CalledProcessError when it fails."""
        return subprocess.run([self.script, version, *kind], cwd=self.deploy_directory, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=True).stdout

    def _install_script(self):
        self.deploy_directory.mkdir()
        (self.deploy_directory / "deploy.env").write_text(
            f"BLUE={self.blue.address}\nGREEN={self.green.address}\nFRONT={self.nginx.address}\n"
            f"UPSTREAM={self.nginx.upstream}\nNGINX_PID={self.nginx.pid_file}\n"
            f"GRACE=1\n")
        return shutil.copy(DEMO / "promote_to_prod.sh", self.deploy_directory)
