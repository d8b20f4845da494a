# SPDX-License-Identifier: Apache-2.0
"""One server process: started in a process group of its own, its output in a log file, ended by that group's id."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from stack import ports
from stack.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / "build" / "servers"
START_SECONDS = 60.0   # several stacks share two processors
STOP_SECONDS = 10.0
LOG_TAIL = 4000


class ServerError(RuntimeError):
    """A server that cannot be started; the message ends with its log."""


def program(name):
    """The path of a server program: the unpacked one, or else the one installed on this machine."""
    for folder in (UNPACKED / "usr" / "bin", UNPACKED / "usr" / "sbin"):
        if (folder / name).is_file():
            return str(folder / name)
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/sbin")
    if found is None:
        raise ServerError(f"{name} is neither in {UNPACKED} nor installed: run ./dev setup")
    return found


def environment():
    """The environment for server programs: unpacked ones find the libraries unpacked beside them."""
    folders = [str(path) for base in ("usr/lib", "lib") for path in sorted((UNPACKED / base).glob("*-linux-gnu*"))]
    known = os.environ.get("LD_LIBRARY_PATH")
    paths = ":".join(folders + ([known] if known else []))
    return {**os.environ, **({"LD_LIBRARY_PATH": paths} if paths else {})}


class Server:
    """Base of all servers. A subclass sets `name`, and says with argv() what to run and with ready() if it serves.

    directory: the stack's directory; the server works in directory/name and may be stopped and started again there
    on the same port.
    """

    name = "server"

    def __init__(self, directory, name=None):
        self.name = name or self.name
        self.directory = Path(directory) / self.name
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = ports.reserve()
        self.log = self.directory / "log"
        self._process = None

    @property
    def address(self):
        return self.port.address

    @property
    def url(self):
        return f"http://{self.address}"

    @property
    def pid(self):
        return self._process.pid

    def argv(self):
        raise NotImplementedError

    def ready(self):
        """True once it serves; may raise OSError."""
        raise NotImplementedError

    def env(self):
        return environment()

    def launch(self):
        """Starts it without waiting."""
        # setpriv: a killed test runner takes its servers with it. The group's id is the leader's pid.
        argv = ["setpriv", "--pdeathsig", "TERM", "--", *map(str, self.argv())]
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(argv, cwd=self.directory, env=self.env(), stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        return self

    def wait_ready(self):
        wait_until(self._serves_or_fails, f"{self.name} is ready", START_SECONDS)
        return self

    def start(self):
        return self.launch().wait_ready()

    def restart(self):
        self.stop()
        return self.start()

    def running(self):
        return self._process is not None and self._process.poll() is None

    def signal(self, number):
        self._process.send_signal(number)

    def wait_ended(self, seconds=STOP_SECONDS):
        """Waits for the process to end by itself; its exit code, negative for a signal."""
        wait_until(lambda: not self.running(), f"{self.name} has ended", seconds)
        return self._process.returncode

    def kill(self):
        """The process and all of its group at once, as a crash would."""
        self._signal_group(signal.SIGKILL)
        self._process.wait()

    def stop(self):
        """Asks it to end, insists after a while; nothing of its group is left. Harmless when it does not run."""
        if self._process is None:
            return
        if self.running():
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        self.kill()
        self._process = None

    def close(self):
        self.stop()
        self.port.release()

    def log_tail(self):
        text = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
        return text[-LOG_TAIL:]

    def _serves_or_fails(self):
        if not self.running():
            raise ServerError(f"{self.name} ended with {self._process.returncode} at start:\n{self.log_tail()}")
        return self.ready()

    def _signal_group(self, number):
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass
