# SPDX-License-Identifier: Apache-2.0
"""Every query of the dashboards, on what a real Prometheus recorded of a real guard through a whole rollback."""

import re
from datetime import datetime
from itertools import groupby

import pytest

from dashboards.model import ALL, QUERIES, fill, metrics_of, parse
from dashboards.scenario import Scenario
from stack import Stack

each_query = pytest.mark.parametrize("query", QUERIES, ids=str)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("dashboards")) as stack:
        try:
            yield Scenario(stack)
        except BaseException:
            print(stack.logs())
            raise


@pytest.fixture(scope="module")
def values():
    """What the variables hold while somebody looks at the release that was rolled back."""
    return {"job": ".+", "instance": ".+", "service": "shop", "environment": "production", "slo": ".+", "release": ".+",
            "__rate_interval": "5s", "__interval": "1s", "__range": "120s"}


def only(items):
    [item] = items
    return item


def query_of(dashboard, place):
    return only(q for q in QUERIES if q.dashboard == dashboard and q.place.startswith(place))


def mapped(dashboard, title):
    """The texts of a panel's value mapping: {number: text}."""
    board = only(b for b in ALL if b.name == dashboard)
    panel = only(p for p in board.panels if p["title"] == title)
    options = only(panel["fieldConfig"]["defaults"]["mappings"])["options"]
    return {float(number): shown["text"] for number, shown in options.items()}


def states(scenario, values, dashboard, title):
    """What a state timeline shows: {values of the labels, ordered by name: its texts, repetitions merged}."""
    texts = mapped(dashboard, title)
    rows = {}
    for labels, samples in scenario.recorded(query_of(dashboard, f"panel {title}").filled(values)):
        row = [texts[value] for _, value in samples]
        rows[tuple(labels[name] for name in sorted(labels))] = [text for text, _ in groupby(row)]
    return rows


@each_query
def test_every_query_returns_data(scenario, values, query):
    assert scenario.recorded(query.filled(values)), query.filled(values)


def test_the_guard_exports_every_metric_the_dashboards_name(scenario, values):
    exported = set(scenario.label_values('{job="release-guard"}', "__name__"))
    for query, parsed in zip(QUERIES, parse([query.filled(values) for query in QUERIES])):
        assert metrics_of(parsed) <= exported, query


@pytest.mark.parametrize("metric, label", [
    ("release_guard_release_phase", "phase"), ("release_guard_slo_state", "state")])
def test_every_state_the_guard_exports_is_shown(scenario, metric, label):
    """A state without a number would be drawn as none."""
    exported = set(scenario.label_values(metric, label))
    for query in QUERIES:
        named = set(re.findall(rf'\d+ \* {metric}{{[^}}]*,{label}="(\w+)"', query.expression))
        assert not named or named == exported, query


@pytest.mark.parametrize("dashboard", ALL, ids=lambda dashboard: dashboard.name)
def test_every_variable_offers_what_there_is(scenario, values, dashboard):
    for variable in dashboard.variables:
        if variable["type"] == "query":
            selector, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"]).groups()
            offered = scenario.label_values(fill(selector, values), label)
            if label == "external_url":
                assert offered == ["https://guard.example.org"]
                continue
            assert values[label] in offered or values[label] == ".+" and offered, variable["name"]


def test_the_phase_timeline_tells_the_rollback_in_order(scenario, values):
    rows = states(scenario, values, "release-watch.json", "Phase over time")
    assert rows == {("production", "shop"): ["deploying", "settling", "watching", "rolling back", "verifying",
                                             "rolled back"]}


def test_the_objectives_timeline_shows_what_broke_and_that_it_recovered(scenario, values):
    rows = states(scenario, values, "release-watch.json", "Objectives over time")
    assert set(rows) == {("error_rate",), ("latency",), ("memory",), ("traffic",)}
    assert "breached" in rows[("error_rate",)] and "breached" not in rows[("latency",)]


def test_the_overview_shows_every_service(scenario, values):
    rows = states(scenario, values, "releases-overview.json", "Phase of each service")
    assert {row: shown[-1] for row, shown in rows.items()} == {
        ("production", "shop"): "rolled back", ("production", "cart"): "aborted",
        ("production", "till"): "watching", ("staging", "shop"): "deploying"}


@pytest.mark.parametrize("release, phases", [
    (".+", ["settling", "watching", "passed", "deploying"]), ("calm", ["settling", "watching", "passed"]),
    ("calmer", ["deploying"])])
def test_a_past_release_is_shown_alone(scenario, values, release, phases):
    there = {**values, "environment": "staging", "release": release}
    assert states(scenario, there, "release-watch.json", "Phase over time") == {("staging", "shop"): phases}


def test_every_release_of_the_time_range_is_listed_with_its_time_and_end(scenario, values):
    there = {**values, "environment": "staging"}
    texts = mapped("release-watch.json", "Phase")

    def told(ref):
        query = query_of("release-watch.json", f"panel Releases, {ref}").filled(there)
        return {labels["release"]: samples[-1][1] for labels, samples in scenario.recorded(query)}
    assert {release: texts[phase] for release, phase in told("C").items()} == {"calm": "passed", "calmer": "deploying"}
    went_live = datetime.fromisoformat(scenario.guard.release("calm")["live_at"]).timestamp() * 1000
    assert told("A") == {"calm": pytest.approx(went_live, abs=2)}, "the other is not live yet"
    seen_from, seen_until = told("D"), told("B")
    assert scenario.began * 1000 <= seen_from["calm"] <= went_live + 2000, "from its announcement, to a scrape"
    assert went_live < seen_until["calm"] < seen_from["calmer"] < seen_until["calmer"] <= scenario.ended * 1000


@pytest.mark.parametrize("slo, unit, value, objective", [
    ("error_rate", "ratio", {0.002, 0.2}, 0.01), ("latency", "seconds", {0.12}, 0.5),
    ("memory", "bytes", {3e8}, 2.0**30), ("traffic", "number", {40}, 20)])
def test_an_objective_is_drawn_with_its_bound_in_its_unit_alone(scenario, values, slo, unit, value, objective):
    drawn = {}
    for query in QUERIES:
        if not query.place.startswith("panel $slo"):
            continue
        for labels, samples in scenario.recorded(query.filled({**values, "slo": slo})):
            drawn.setdefault(query.place.split(", ")[1], {})[labels["__name__"]] = {v for _, v in samples}
    lines = {"release_guard_slo_value": value, "release_guard_slo_objective": {objective}}
    if slo == "traffic":
        lines["release_guard_slo_baseline"] = {40}
    assert drawn == {unit: lines}


def moments(release):
    """When it happened, by the names of the annotations."""
    decision = release["decisions"][0]
    return {"Live": release["live_at"], "Breach": decision["detected_at"], "Rollback": decision["at"],
            "End": release["ended_at"]}


@pytest.mark.parametrize("name", ["Live", "Breach", "Rollback", "End"])
def test_annotations_stand_where_it_happened(scenario, values, name):
    labels, samples = only(scenario.recorded(query_of("release-watch.json", f"annotation {name}").filled(values)))
    happened = datetime.fromisoformat(moments(scenario.guard.release("bad"))[name]).timestamp() * 1000
    drawn_at = only({value for _, value in samples})
    assert drawn_at == pytest.approx(happened, abs=2)
    board = only(b for b in ALL if b.name == "release-watch.json")
    annotation = only(a for a in board.annotations if a["name"] == name)
    named = set(re.findall(r"{{(\w+)}}", annotation["titleFormat"] + annotation["textFormat"]))
    assert named | {annotation["tagKeys"]} <= set(labels)


def test_the_time_left_falls_in_the_window_and_in_the_verification_and_is_gone_at_the_end(scenario, values):
    [(_, samples)] = scenario.recorded(query_of("release-watch.json", "panel Time left").filled(values))
    hook_began = next(i for i in range(1, len(samples)) if samples[i][0] - samples[i - 1][0] > 1)
    window, verification = ([value for _, value in part] for part in (samples[:hook_began], samples[hook_began:]))
    for left, longest in ((window, 60), (verification, 6)):
        assert left == sorted(left, reverse=True) and 0 <= left[-1] < left[0] <= longest
    assert samples[-1][0] < scenario.ended - 1


@pytest.mark.parametrize("place, expected", [
    ("panel Change-failure rate", 0.5),    # one passed, one was rolled back; aborted was not judged
    ("panel False decisions", 1 / 3)])     # rolled back, asked, held: the one that asked was aborted
def test_shares_are_counted_as_described(scenario, values, place, expected):
    [(_, samples)] = scenario.recorded(query_of("releases-overview.json", place).filled(values))
    assert samples[-1][1] == pytest.approx(expected, abs=0.02)


def test_legends_name_only_labels_that_the_series_have(scenario, values):
    for board in ALL:
        for panel in board.panels:
            for target in panel["targets"]:
                wanted = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
                for labels, _ in scenario.recorded(fill(target["expr"], values)):
                    assert wanted <= set(labels), f"{board.name}: {panel['title']}"
