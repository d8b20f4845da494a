# SPDX-License-Identifier: Apache-2.0
"""Loopback ports that no other test and no outgoing connection can take between choosing and listening."""

import random
import socket

# Below the range the kernel gives to outgoing connections, above the well-known ones.
FIRST, LAST = 15000, 32000


class Port:
    """A port held for this process. A server may listen on it, stop and listen again."""

    def __init__(self, number, holder):
        self.number = number
        self._holder = holder

    @property
    def address(self):
        return f"127.0.0.1:{self.number}"

    def release(self):
        self._holder.close()


def reserve():
    """A port that nobody listens on, held against every other caller on this machine."""
    for number in random.sample(range(FIRST, LAST), 200):
        holder = _hold(number)
        if holder is None:
            continue
        if _is_free(number):
            return Port(number, holder)
        holder.close()
    raise RuntimeError(f"no free port between {FIRST} and {LAST}")


def _hold(number):
    # An abstract socket's name is gone with its process, so no lock is ever left behind.
    holder = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        holder.bind(f"\0release-guard-port-{number}")
    except OSError:
        holder.close()
        return None
    return holder


def _is_free(number):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
