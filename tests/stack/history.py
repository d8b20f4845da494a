# SPDX-License-Identifier: Apache-2.0
"""A past for a Prometheus that has none: series made up second by second, stored as blocks before it starts."""

import subprocess
import time

from stack.server import environment, program

DAY = 24 * 60 * 60


class History:
    """Samples of series, `step` seconds apart, the latest at `end`."""

    def __init__(self, hours, step=15, end=None):
        self.step = step
        self.end = (int(end or time.time()) // step) * step
        self.start = self.end - int(hours * 3600) // step * step
        self._series = {}

    def times(self):
        return range(self.start, self.end + 1, self.step)

    def add(self, name, labels, values):
        """values: time -> number, or None where there is no sample."""
        text = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        lines = [(at, f"{name}{{{text}}} {value} {at}\n") for at in self.times() if (value := values(at)) is not None]
        self._series.setdefault(name, []).extend(lines)

    def count(self, name, labels, per_step, reset_at=()):
        """A counter: time -> what is added with this step. It begins anew at the times of `reset_at`."""
        total, values, resets = 0, {}, set(reset_at)
        for at in self.times():
            total = per_step(at) + (0 if at in resets else total)
            values[at] = total
        self.add(name, labels, values.get)

    def store(self, folder):
        """As blocks in `folder`, which a Prometheus then takes for its own."""
        text = folder.parent / "history.txt"
        for day in range(self.start // DAY, self.end // DAY + 1):
            self._write(text, day)
            subprocess.run([program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--quiet", text, folder],
                           check=True, timeout=120, env=environment(), stdout=subprocess.DEVNULL)
        text.unlink()

    def _write(self, path, day):
        """The samples of one day: promtool reads the whole of a file for each two hours of it."""
        with open(path, "w", encoding="utf-8") as file:
            for name, lines in self._series.items():
                file.write(f"# TYPE {name} unknown\n")
                file.writelines(line for at, line in lines if at // DAY == day)
            file.write("# EOF\n")
