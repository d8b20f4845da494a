# SPDX-License-Identifier: Apache-2.0
"""What the demo prints: one line per thing that happens, time first, and a small table of the rules' values."""

import os
import re
import sys
import textwrap
import time

COLOURS = {"good": "32", "bad": "31", "warn": "33", "strong": "1", "faint": "2"}
MARKS = {"✓": "good", "✗": "bad", "?": "warn"}
COLOUR = re.compile(r"\033\[[\d;]*m")
WIDTH = 100
WHO = 10                # the widest name in the second column
MARGIN = 8 + WHO + 1    # where texts begin

VERDICTS = {"ok": ("ok", "good"), "pending": ("breaking", "warn"), "breached": ("BROKEN", "bad")}
# Why a rule has no verdict, in a few words; the guard's own sentence stands in `release status --explain`.
UNKNOWN = {"preexisting": "was so before", "held": "unknown"}
CONCLUSIONS = {"breach_sustained": "", "breach_counted": "", "fatal_broken": ", far beyond it"}


def colourful():
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text, style):
    return f"\033[{COLOURS[style]}m{text}\033[0m" if style and colourful() else text


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


def describe_objective(rule):
    """As the rule has it; one against the past also with what that comes to now."""
    if "of baseline" in rule["objective"] and rule["bound"] is not None:
        return f"{rule['objective']} ({rule['bound']:.3g})"
    return rule["objective"]


def judge(rule):
    """(word, style) for what the guard thinks of this rule."""
    word, style = VERDICTS.get(rule["verdict"], (UNKNOWN.get(rule["reason"], rule["reason"]), "faint"))
    only_warns = rule["action"] == "warn" and rule["verdict"] != "ok"
    return (f"{word} (warns)" if only_warns else word), style


def plain(text):
    """A reason of the guard without the names of its enums, and with times of day instead of whole time stamps."""
    text = re.sub(r" \((\w+)\)", lambda found: CONCLUSIONS.get(found[1], found[0]), text)
    return re.sub(r"\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d) UTC", r"\1", text)


class Timeline:
    """Prints lines with the time since the start of the demo."""

    def __init__(self):
        self._began = time.monotonic()
        self._shown = {}
        self._second = None

    def seconds(self):
        return time.monotonic() - self._began

    def say(self, text):
        print(textwrap.fill(text, WIDTH), flush=True)

    def title(self, text):
        print(f"\n{paint(text, 'strong')}\n{'-' * len(text)}", flush=True)
        self._shown = {}

    def event(self, who, text, style=""):
        lines = textwrap.wrap(text, WIDTH - MARGIN, break_on_hyphens=False) or [""]
        print(f"{self.seconds():6.1f}s {who:{WHO}} {paint(lines[0], style)}", flush=True)
        for line in lines[1:]:
            print(" " * MARGIN + paint(line, style), flush=True)

    def output(self, text):
        """What a program printed, indented below the line that names it."""
        for line in COLOUR.sub("", text).strip().splitlines():
            print(" " * MARGIN + paint(f"  | {line}"[:WIDTH - MARGIN], "faint"), flush=True)

    def table(self, text):
        """What a command of the guard's own printed, as wide as it fits; its marks painted."""
        print()
        for line in text.strip().splitlines():
            cut = line if len(line) <= WIDTH else line[:WIDTH - 1] + "…"
            print(re.sub("[✓✗?](?=  )", lambda mark: paint(mark[0], MARKS[mark[0]]), cut, count=1), flush=True)
        print()

    def rules(self, rules):
        """One line for each rule whose verdict has changed, or that is broken; at most one round in a second."""
        counted = all(rule["read_at"] and rule["reason"] != "settling" for rule in rules)
        if int(self.seconds()) == self._second or not counted:
            return
        news = [rule for rule in rules if self._is_news(rule)]
        for number, rule in enumerate(news):
            self._rule("measured" if number == 0 else "", rule)
        if news:
            self._second = int(self.seconds())
        self._shown = {rule["slo"]: (judge(rule), rule["value"]) for rule in rules}

    def _is_news(self, rule):
        verdict, value = self._shown.get(rule["slo"], (None, None))
        broken = rule["verdict"] in ("pending", "breached")
        return judge(rule) != verdict or (broken and rule["value"] != value)

    def _rule(self, who, rule):
        word, style = judge(rule)
        stamp = f"{self.seconds():6.1f}s" if who else " " * 7
        value = format_value(rule["value"], rule["objective"])
        line = f"{rule['slo']:18} {value:>8}  {describe_objective(rule):26} "
        print(f"{stamp} {who:{WHO}} {line}{paint(word, style)}", flush=True)
