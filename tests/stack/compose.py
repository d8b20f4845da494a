# SPDX-License-Identifier: Apache-2.0
"""The services of docker-compose.yml as processes of this machine, each with what its container would see.

A container's root is a folder with the files that are mounted into it, at the paths and with the modes that they have
there. What cannot be as in a container is rewritten in the command lines and in the copied text files, and nothing
else: an absolute path that is mounted gets the folder in front, and `service:port`, `localhost:port` and `0.0.0.0:port`
become free ports on loopback.
"""

import re
import shutil
import subprocess
from pathlib import Path

import yaml

from stack.alertmanager import link_templates
from stack.backends import DEMO, PYTHON
from stack.guard import BINARY
from stack.http import get
from stack.server import ROOT, Server, environment, program

FILE = ROOT / "docker-compose.yml"
SERVICES = yaml.safe_load(FILE.read_text())["services"]
RECEIVER = "host.docker.internal"   # where docs/hook_receiver.py listens
# Paths of programs in their images -> what stands for them here.
PROGRAMS = {"/usr/local/bin/release-guard": BINARY, "/usr/bin/python3": PYTHON,
            "/src/demo_service.py": DEMO / "demo_service.py", "/src/traffic.py": DEMO / "traffic.py"}
# What each image runs before `command`, and the flags that take the process here off its well-known port. These images
# are not among Debian's packages: cadvisor, grafana.
RUN = {
    "release-guard": ([BINARY], []),
    "prometheus": (["prometheus"], ["--web.listen-address={address}"]),
    # Without containers between them, Alertmanagers on one machine would fight for the port of the cluster.
    "alertmanager": (["prometheus-alertmanager"], ["--web.listen-address={address}", "--cluster.listen-address="]),
    "node-exporter": (["prometheus-node-exporter"], ["--web.listen-address={address}"]),
    "redis": ([], ["--bind", "127.0.0.1", "--port", "{port}"]),
    "redis-exporter": (["prometheus-redis-exporter"], ["-web.listen-address={address}"]),
    "backend-blue": ([PYTHON, "-B", "/src/demo_service.py"], []),
    "backend-green": ([PYTHON, "-B", "/src/demo_service.py"], []),
    "traffic": ([], []),
}


def head_commands(path=FILE):
    """The shell lines that a file's head tells its readers to run before they start anything."""
    head = path.read_text().split("\nname:")[0]
    lines = [line[4:] for line in head.splitlines() if line.startswith("#   ")]
    return "\n".join(line for line in lines if not line.startswith(("docker compose", "docs/")))


def make_secrets(folder, umask="022"):
    """What the head of docker-compose.yml makes, made by its own lines."""
    subprocess.run(["bash", "-euc", f"umask {umask}\n{head_commands()}"], cwd=folder, check=True, timeout=60,
                   capture_output=True)


def command(service):
    """The arguments a container is started with: those of the image where the service gives none."""
    if service == "release-guard":
        text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
        return yaml.safe_load(re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)[1])
    words = [*SERVICES[service].get("entrypoint", []), *SERVICES[service].get("command", [])]
    return [word.replace("$$", "$") for word in words]   # compose's way of writing a dollar sign


def mounts(service):
    """(source, path in the container) of everything that is mounted."""
    return [tuple(volume.split(":")[:2]) for volume in SERVICES[service].get("volumes", [])]


def lay_out(service, repository, root):
    """Makes a container's root: copies of what is mounted from the repository, empty folders for volumes."""
    for source, target in mounts(service):
        place = root / target[1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.startswith("./"):
            copy = shutil.copytree if (repository / source).is_dir() else shutil.copy2
            copy(repository / source, place)
        elif not source.startswith("/"):
            place.mkdir()


class Container(Server):
    """One service. repository: where its mounts come from, with the secrets. Known to its fellows as service:port."""

    def __init__(self, directory, service, repository):
        super().__init__(directory, service)
        self.root = self.directory / "root"
        self._repository = repository
        self._fellows = {service: self}

    def meet(self, containers, receiver):
        self._fellows = {container.name: container for container in containers}
        self._fellows[RECEIVER] = receiver

    def argv(self):
        first, last = RUN[self.name]
        words = [self.rewritten(word) for word in [*first, *command(self.name)]]
        words += [word.format(address=self.address, port=self.port.number) for word in last]
        return [words[0] if "/" in words[0] else program(words[0]), *words[1:]]

    def launch(self):
        if not self.root.exists():
            lay_out(self.name, self._repository, self.root)
            for path in self.root.rglob("*.yml"):
                path.write_text(self.rewritten(path.read_text()))
        if self.name == "alertmanager":
            link_templates(self.directory)
        return super().launch()

    def rewritten(self, text):
        text = PROGRAMS.get(str(text), text)
        text = re.sub(r"\b(localhost|0\.0\.0\.0):\d+", self.address, str(text))
        names = "|".join(map(re.escape, self._fellows))
        text = re.sub(rf"(?<![\w.-])({names}):\d+", lambda found: self._fellows[found[1]].address, text)
        return self._with_paths(text)

    def _with_paths(self, text):
        here = {target: source if source.startswith("/") else str(self.root) + target
                for source, target in mounts(self.name)}
        targets = "|".join(map(re.escape, sorted(here, key=len, reverse=True)))
        return re.sub(rf"(?<![\w./])({targets})(?![\w.])", lambda found: here[found[1]], text) if here else text

    def healthcheck(self):
        """Asks what the health check of the container asks; its own program for it need not be on this machine."""
        test = SERVICES[self.name]["healthcheck"]["test"]
        url = re.search(r"http://127\.0\.0\.1:\d+([^'\"]*)", test[-1])
        if url is not None:
            return get(f"{self.url}{url[1]}").status == 200
        where = ["-p", str(self.port.number)] if test[1] == "redis-cli" else []
        argv = [PROGRAMS.get(test[1]) or program(test[1]), *where, *test[2:]]
        done = subprocess.run(argv, env={**environment(), "RELEASE_GUARD_SERVER": self.url}, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=30, check=False)
        return done.returncode == 0

    ready = healthcheck


def containers(directory, repository, receiver):
    """Every service that can run here, in the order in which compose would start them."""
    made = {service: Container(directory, service, Path(repository)) for service in RUN}
    for container in made.values():
        container.meet(made.values(), receiver)
    ordered = []
    while len(ordered) < len(made):
        ordered += [service for service in made if service not in ordered
                    and set(SERVICES[service].get("depends_on", {})) <= set(ordered)]
    return {service: made[service] for service in ordered}
