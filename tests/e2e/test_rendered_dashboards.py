# SPDX-License-Identifier: Apache-2.0
"""The dashboards as somebody sees them: drawn by Perses, in a browser, from what a real Prometheus recorded of a real
guard. Grafana itself cannot be had from any registry; a second program that reads the same queries is its witness."""

import os
from pathlib import Path

import pytest

from dashboards.model import ALL
from dashboards.rendered import Rendered
from dashboards.scenario import Scenario
from stack import Stack
from stack.browser import Browser
from stack.waiting import wait_until

SHOWN = {
    "release-watch.json": {"service": "shop", "environment": "production",
                           "slo": ["error_rate", "latency", "memory", "traffic"]},
    "releases-overview.json": {}, "guard-health.json": {}}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("stack")) as stack, Browser() as browser:
        try:
            with Rendered(tmp_path_factory.mktemp("page"), Scenario(stack), browser) as page:
                yield page
        except BaseException:
            print(stack.logs())
            raise


@pytest.fixture(params=ALL, ids=lambda dashboard: dashboard.name)
def opened(request, rendered):
    """(the dashboard, what each of its panels shows); RELEASE_GUARD_PICTURES names a folder for a picture of it."""
    dashboard = request.param
    rendered.open(dashboard, **SHOWN[dashboard.name])
    pictures = os.environ.get("RELEASE_GUARD_PICTURES")
    if pictures:
        rendered.browser.picture(Path(pictures) / dashboard.name.replace(".json", ".png"), full=False)
    return dashboard, rendered.panels()


def shows(rendered, title, *words):
    """A table stands there before its rows do."""
    wait_until(lambda: all(word in rendered.panels()[title] for word in words), f"{title} shows {words}", 60)


def test_every_panel_is_drawn_without_a_complaint(rendered, opened):
    dashboard, panels = opened
    repeated = SHOWN[dashboard.name].get("slo", [])
    assert set(panels) == {panel["title"] for panel in dashboard.panels if "repeat" not in panel} | set(repeated)
    # A browser that has no time to tell a chart its size says so later, and draws it all the same.
    assert [words for words in rendered.browser.complaints() if "ResizeObserver" not in words] == []
    # What happened to be nothing in this time has no value; the dashboards say so in words that Perses does not know.
    nothing = {title for title, text in panels.items() if "No data" in text}
    assert nothing <= {"Time left"}


def test_the_end_of_a_rollback_is_read_from_the_release_watch(rendered):
    rendered.open(next(board for board in ALL if board.name == "release-watch.json"), **SHOWN["release-watch.json"])
    panels = rendered.panels()
    assert panels["Phase"] == "rolled back" and panels["Version"] == "2.0"
    assert panels["Kill switch"] == "off" and panels["Freezes in force"] == "0"
    shows(rendered, "Releases", "2.0", "rolled back", "bad")


def test_the_overview_lists_what_is_released_where(rendered):
    rendered.open(next(board for board in ALL if board.name == "releases-overview.json"))
    shows(rendered, "Newest release of each service",
          "till", "watching", "cart", "aborted", "bad", "rolled back", "calmer", "deploying")
