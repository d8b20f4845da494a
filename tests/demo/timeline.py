# SPDX-License-Identifier: Apache-2.0
"""What the demo prints: one line per event or second, time first."""

import re
import sys
import textwrap
import time

COLOURS = {"good": "32", "bad": "31", "strong": "1", "faint": "2"}
WIDTH = 110
PHASE = 18


def paint(text, style):
    return f"\033[{COLOURS[style]}m{text}\033[0m" if sys.stdout.isatty() else text


def format_value(value, objective):
    """The value in the unit its objective is written in."""
    if value is None:
        return "-"
    unit = re.search(r"[\d.]\s*(%|ms|s)?\s*($|of)", objective)
    if not unit or "of baseline" in objective:
        return f"{value:.3g}"
    if unit[1] == "%":
        return f"{value * 100:.1f}%"
    if unit[1] in ("ms", "s"):
        return f"{value * 1000:.0f}ms"
    return f"{value:.3g}"


def describe_rule(rule):
    """`latency_p95 812ms`; with objective and verdict where it is not well."""
    text = f"{rule['slo']} {format_value(rule['value'], rule['objective'])}"
    if rule["verdict"] == "ok":
        return text
    style = "bad" if rule["verdict"] == "breached" else "strong"
    return paint(f"{text} (objective {rule['objective']}) {rule['verdict']}", style)


class Timeline:
    """Prints lines with the time since the start of the demo."""

    def __init__(self):
        self._began = time.monotonic()
        self._last_rules = None
        self._last_second = None

    def title(self, text):
        print(f"\n{paint(text, 'strong')}\n{'-' * len(text)}", flush=True)

    def event(self, phase, text):
        stamp = f"{time.monotonic() - self._began:6.1f}s {phase:{PHASE}} "
        lines = textwrap.wrap(text, WIDTH) or [""]
        print(stamp + lines[0], flush=True)
        for line in lines[1:]:
            print(" " * len(stamp) + line, flush=True)

    def output(self, phase, text):
        for line in text.strip().splitlines():
            self.event(phase, paint(f"| {line}", "faint"))

    def rules(self, phase, rules):
        """The rules' values, at most once a second and only if something moved."""
        text = ", ".join(describe_rule(rule) for rule in rules)
        second = int(time.monotonic() - self._began)
        if text and text != self._last_rules and second != self._last_second:
            self._last_rules, self._last_second = text, second
            self.event(phase, text)
