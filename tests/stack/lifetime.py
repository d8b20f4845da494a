# SPDX-License-Identifier: Apache-2.0
"""How long servers live: as long as the `with Stack(...)` block that started them, never longer."""

import os
import signal
from pathlib import Path

from stack.waiting import wait_until

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_on_signals():
    """Makes the first SIGINT, SIGTERM or SIGHUP leave every `with` block, as KeyboardInterrupt. Later ones change
    nothing: one that came before a block had begun to end its servers would leave them running.
    """
    def end(_number, _frame):
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    # SIGINT too: a shell starts background jobs with it ignored, and Python then leaves it so.
    for number in ENDING:
        signal.signal(number, end)


class Stack:
    """Servers in one directory, ended in the opposite order of their start."""

    def __init__(self, directory):
        self.directory = Path(directory).resolve()
        self._servers = []

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def add(self, server):
        """Owns the server from now on, and starts it."""
        self.adopt(server)
        return server.start()

    def adopt(self, server):
        """Owns the server, which may run already or be started later."""
        self._servers.append(server)
        return server

    def close(self):
        with _Uninterrupted():
            while self._servers:
                self._servers.pop().close()
            self._end_strays()

    def logs(self):
        """The end of every server's log, for the report of a failed test."""
        return "\n".join(f"--- {server.name}\n{server.log_tail()}" for server in self._servers)

    # A hook outlives the guard that called it, by design; here it must not outlive its test. What a stray starts while
    # the list is read is met by the next look.
    def _end_strays(self):
        wait_until(lambda: not self._kill_strays(), f"nothing runs in {self.directory}")

    def _kill_strays(self):
        found = False
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                where = Path(os.readlink(entry / "cwd"))
                if where == self.directory or self.directory in where.parents:
                    os.kill(int(entry.name), signal.SIGKILL)
                    found = True
            except OSError:
                continue  # ended meanwhile (a zombie has no cwd either), or another user's
        return found


class _Uninterrupted:
    """Signals that come while ending are kept until all is ended."""

    def __enter__(self):
        self._blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)

    def __exit__(self, *_exception):
        signal.pthread_sigmask(signal.SIG_SETMASK, self._blocked)
