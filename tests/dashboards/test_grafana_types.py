# SPDX-License-Identifier: Apache-2.0
"""The dashboards have the shape that Grafana's published types give dashboards, panels and their options."""

import json
import subprocess

import pytest

from dashboards.model import FILES, HERE


def complaints(*files):
    done = subprocess.run(["node", HERE / "grafana_types.mjs", *files], capture_output=True, text=True, timeout=100,
                          check=False)
    assert done.stderr == ""
    return done.stdout


def test_the_dashboards_have_the_types_of_grafana():
    assert complaints(*FILES) == ""


@pytest.mark.parametrize("spoil, word", [
    (lambda board: board.update(schemaVersion="39"), "schemaVersion"),
    (lambda board: board["panels"][1]["options"].update(colourMode="value"), "colourMode"),
    (lambda board: board["panels"][1]["fieldConfig"]["defaults"]["thresholds"].update(mode="relative"), "relative"),
    (lambda board: board["annotations"]["list"][1].update(expression="x"), "expression"),
], ids=["a text for a number", "an unknown option", "an unknown mode", "an unknown key of an annotation"])
def test_the_check_finds(spoil, word, tmp_path):
    board = json.loads(FILES[0].read_text("utf-8"))
    spoil(board)
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_text(json.dumps(board))
    assert word in complaints(spoilt)
