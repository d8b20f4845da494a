# SPDX-License-Identifier: Apache-2.0
"""The only place that sleeps: waiting for a condition, never for time to pass."""

import time

INTERVAL = 0.05


class NotInTime(AssertionError):
    """A condition did not come true before its deadline."""


def wait_until(condition, what, seconds=30.0):
    """Calls `condition` until it returns something true, and returns that.

    An OSError (a server that does not answer yet) counts as "not yet". After `seconds`, NotInTime names `what`
    and the last thing seen.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            seen = condition()
            if seen:
                return seen
        except OSError as error:
            seen = error
        if time.monotonic() >= deadline:
            raise NotInTime(f"{what}: not within {seconds:g} s, last seen: {seen!r}")
        time.sleep(INTERVAL)
