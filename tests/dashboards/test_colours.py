# SPDX-License-Identifier: Apache-2.0
"""States can be told apart by people who see fewer colours, and always by their text."""

from itertools import combinations

import pytest

from dashboards.model import ALL

# How linear red, green and blue are seen (Machado, Oliveira and Fernandes 2009, severity 1).
SIGHT = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)

# What must never be mistaken, with a distance that is seen at a glance; others need only be seen side by side.
OPPOSITES = [{"ok", "breached"}, {"passed", "rollback failed"}, {"passed", "rolled back"}, {"passed", "unverified"},
             {"passed", "breached"},
             {"watching", "awaiting approval"}, {"no", "YES: act now"}]
AT_A_GLANCE, SIDE_BY_SIDE = 25.0, 8.0


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def lab(colour, sight):
    """CIE L*a*b* of "#rrggbb" as such eyes see it."""
    coded = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in coded]
    seen = [min(max(c, 0.0), 1.0) for c in times(SIGHT[sight], linear)]
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
         for v in (a / b for a, b in zip(times(TO_XYZ, seen), WHITE))]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def distance(one, two, sight):
    return sum((a - b) ** 2 for a, b in zip(lab(one, sight), lab(two, sight))) ** 0.5


def mappings():
    """Every value mapping of every panel, its overrides included, as {text: colour}."""
    for dashboard in ALL:
        for panel in dashboard.panels:
            config = panel["fieldConfig"]
            lists = [config["defaults"].get("mappings", [])]
            lists += [p["value"] for o in config["overrides"] for p in o["properties"] if p["id"] == "mappings"]
            for mapping in (m for mapped in lists for m in mapped):
                shown = list(mapping["options"].values())
                yield f"{dashboard.name}: {panel['title']}", {value["text"]: value["color"] for value in shown}


@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_states_of_a_panel_look_the_same(sight):
    for place, colours in mappings():
        for one, two in combinations(colours, 2):
            needed = AT_A_GLANCE if {one, two} in OPPOSITES else SIDE_BY_SIDE
            seen = distance(colours[one], colours[two], sight)
            assert seen >= needed, f"{place}: {one} and {two} are {seen:.0f} apart for {sight}"


def test_a_state_has_one_colour_everywhere():
    known = {}
    for place, colours in mappings():
        for text, colour in colours.items():
            if text not in {"no", "yes"}:  # good or bad depends on the question
                assert known.setdefault(text, colour) == colour, place


def test_states_are_written_out():
    for dashboard in ALL:
        for panel in dashboard.panels:
            if panel["type"] == "state-timeline":
                assert panel["options"]["showValue"] in {"auto", "always"}
