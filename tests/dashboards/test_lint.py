# SPDX-License-Identifier: Apache-2.0
"""The rules of Grafana's dashboard-linter (a Go program that no registry here has), restated; and some of our own."""

import json
import re

import pytest

from dashboards.model import ALL, ANY, QUERIES, VARIABLE, fill, parse

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# Of the units Grafana knows, those that mean something for what the guard exports.
UNITS = {"none", "short", "percentunit", "s", "bytes", "cps", "ops", "reqps", "dateTimeAsIso"}
SCOPE = {"job": "$job", "instance": "$instance"}

each_dashboard = pytest.mark.parametrize("dashboard", ALL, ids=lambda dashboard: dashboard.name)
PANELS = [(dashboard, panel) for dashboard in ALL for panel in dashboard.panels]
each_panel = pytest.mark.parametrize("dashboard, panel", PANELS,
                                     ids=[f"{dashboard.name}: {panel['title']}" for dashboard, panel in PANELS])


@pytest.fixture(scope="module")
def parsed():
    """Every query of panels and annotations with what the parser found in it."""
    return list(zip(QUERIES, parse([query.filled(ANY) for query in QUERIES])))


def variable(dashboard, name):
    found = [v for v in dashboard.variables if v["name"] == name]
    assert len(found) == 1, f"{len(found)} variables are named {name}"
    return found[0]


def value_mappings(panel):
    """The lists of value mappings that a panel has for all its series and for some."""
    config = panel["fieldConfig"]
    yield config["defaults"].get("mappings", [])
    for override in config["overrides"]:
        yield from (item["value"] for item in override["properties"] if item["id"] == "mappings")


def used_variables(dashboard):
    """The names of all variables that the dashboard mentions anywhere."""
    return {match[1] or match[2] for match in VARIABLE.finditer(str(dashboard.json))} - {"__all"}


def test_there_are_three_dashboards():
    assert [dashboard.json["uid"] for dashboard in ALL] == [
        "release-guard-health", "release-guard-watch", "release-guard-overview"]


@each_dashboard
def test_the_dashboard_is_owned_by_the_repository(dashboard):
    top = dashboard.json
    assert top["id"] is None and not top["editable"] and "release-guard" in top["tags"]
    assert re.fullmatch(r"[a-z-]{1,40}", top["uid"])
    assert top["title"].startswith("Release Guard / ") and top["description"].endswith(".")
    assert "__inputs" not in top and "${DS_" not in str(top)


@each_dashboard
def test_the_datasource_is_a_variable(dashboard):
    template = variable(dashboard, "datasource")
    assert (template["type"], template["query"], template["label"]) == ("datasource", "prometheus", "Data source")


@each_dashboard
@pytest.mark.parametrize("name", SCOPE)
def test_job_and_instance_are_variables_that_start_at_all(dashboard, name):
    template = variable(dashboard, name)
    assert template["type"] == "query" and template["label"] == name.title()
    assert template["multi"] and template["includeAll"] and template["allValue"] == ".+"
    assert template["current"]["value"] == ["$__all"]


@each_dashboard
def test_query_variables_ask_valid_promql_and_follow_the_time_range(dashboard):
    for template in dashboard.variables:
        if template["type"] != "query":
            continue
        assert template["datasource"] == DATASOURCE and template["refresh"] == 2, template["name"]
        query = template["query"]["query"]
        selector = re.fullmatch(r"label_values\((.+), (\w+)\)", query)
        assert selector and selector[2] == template["name"], query
        assert parse([fill(selector[1], ANY)])[0]["errors"] == [], query


@each_dashboard
def test_every_variable_is_defined_before_it_is_used(dashboard):
    builtin = {"__rate_interval", "__range", "__interval", "__url_time_range"}
    assert used_variables(dashboard) - builtin == {template["name"] for template in dashboard.variables}
    known = set()
    for template in dashboard.variables:
        asked = str(template.get("datasource", "")) + str(template["query"])
        assert {m[1] or m[2] for m in VARIABLE.finditer(asked)} <= known, template["name"]
        known.add(template["name"])


@each_panel
def test_the_panel_says_what_it_is_and_where_its_data_comes_from(dashboard, panel):
    assert panel["title"] and len(panel["description"]) > 8 and panel["description"].endswith(".")
    assert panel["datasource"] == DATASOURCE
    assert panel["targets"] and all(target["datasource"] == DATASOURCE for target in panel["targets"])
    assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


@each_panel
def test_the_panel_has_a_unit(dashboard, panel):
    units = [panel["fieldConfig"]["defaults"]["unit"]]
    for override in panel["fieldConfig"]["overrides"]:
        units += [item["value"] for item in override["properties"] if item["id"] == "unit"]
    assert set(units) <= UNITS


@each_panel
def test_an_empty_panel_that_is_good_news_says_so(dashboard, panel):
    """Filters drop what is zero; "No data" would then look like a fault of the dashboard."""
    filtered = any(re.search(r"> 0$|>= 0$|> 0\)$|== 1$", target["expr"]) for target in panel["targets"])
    assert not filtered or panel["fieldConfig"]["defaults"].get("noValue")


@each_panel
def test_a_number_of_now_is_asked_for_now(dashboard, panel):
    now = panel["type"] in {"stat", "bargauge", "table"}
    for target in panel["targets"]:
        assert (target["instant"], target["range"]) == (now, not now)
        assert target["format"] == ("table" if panel["type"] == "table" else "time_series")


@each_dashboard
def test_panels_do_not_lie_on_each_other_and_fill_the_grid(dashboard):
    ids = [panel["id"] for panel in dashboard.json["panels"]]
    assert len(set(ids)) == len(ids)
    taken = set()
    for panel in dashboard.json["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24 and not taken & cells, panel["title"]
        taken |= cells


@each_panel
def test_a_number_for_a_state_has_the_name_of_that_state(dashboard, panel):
    for target in panel["targets"]:
        numbered = re.findall(r"(\d+) \* \w+\{[^}]*,(?:phase|state)=\"(\w+)\"", target["expr"])
        if numbered:
            [mapping] = next(m for m in value_mappings(panel) if m and len(m[0]["options"]) == len(numbered))
            assert {number: name.replace("_", " ") for number, name in numbered} == {
                number: shown["text"] for number, shown in mapping["options"].items()}


def test_every_query_is_valid_promql(parsed):
    wrong = {str(query): found["errors"] for query, found in parsed if found["errors"]}
    assert wrong == {}


def test_every_query_asks_the_chosen_guards_only(parsed):
    for query, found in parsed:
        assert found["selectors"], query
        for selector in found["selectors"]:
            for label in SCOPE:
                assert [label, "=~", ANY[label]] in selector["matchers"], f"{query}: {selector}"
    for query in QUERIES:
        for label, name in SCOPE.items():
            assert f'{label}=~"{name}"' in query.expression, query


def test_rates_follow_the_resolution_of_the_panel(parsed):
    for query, found in parsed:
        for selector in found["selectors"]:
            assert selector["call"] not in {"rate", "irate"} or selector["range"] == ANY["__rate_interval"], query


def test_counters_are_only_read_as_rates_or_increases(parsed):
    for query, found in parsed:
        for selector in found["selectors"]:
            if (selector["name"] or "").endswith(("_total", "_bucket", "_count", "_sum")):
                assert selector["call"] in {"rate", "increase"}, f"{query}: {selector['name']}"


@each_dashboard
def test_links_lead_to_dashboards_and_variables_that_exist(dashboard):
    [others, page] = dashboard.json["links"]
    assert (others["type"], others["tags"], page["type"]) == ("dashboards", ["release-guard"], "link")
    known = {other.json["uid"]: other for other in ALL}
    for uid, parameters in re.findall(r'"/d/([\w-]+)\?((?:[^"\\]|\\.)*)"', json.dumps(dashboard.json)):
        names = re.findall(r"var-(\w+)=|\$\{(\w+):queryparam}", parameters)
        assert {one or other for one, other in names} <= {template["name"] for template in known[uid].variables}


@each_dashboard
def test_who_follows_a_link_stays_where_and_when_they_were(dashboard):
    [others, _page] = dashboard.json["links"]
    assert others["keepTime"] and others["includeVars"]
    for parameters in re.findall(r'"/d/[\w-]+\?((?:[^"\\]|\\.)*)"', json.dumps(dashboard.json)):
        assert "${__url_time_range}" in parameters or "&from=${" in parameters and "&to=${" in parameters
        for name in ("datasource", "job", "instance", "service", "environment"):
            chosen = rf"\$\{{{name}|var-{name}=\$\{{__(data.fields|field.labels)\.{name}}}"
            assert re.search(chosen, parameters), name


@each_dashboard
def test_the_page_of_the_guard_is_one_click_away(dashboard):
    address = variable(dashboard, "external_url")
    assert address["query"]["query"].startswith("label_values(release_guard_web_info{") and address["hide"] == 2
    assert dashboard.json["links"][1]["url"] == "${external_url}"


def test_what_holds_everything_back_is_seen_at_once():
    for uid in ("release-guard-watch", "release-guard-overview"):
        first_row = [panel for panel in next(d for d in ALL if d.json["uid"] == uid).json["panels"]][1:9]
        assert {"Kill switch", "Freezes in force"} <= {panel["title"] for panel in first_row}, uid


@each_dashboard
def test_annotations_take_their_time_from_the_value(dashboard):
    """With the time of the sample, an event would be drawn at every scrape; Grafana wants milliseconds."""
    for annotation in dashboard.annotations:
        assert annotation["datasource"] == DATASOURCE and annotation["enable"]
        assert annotation["useValueForTime"] and annotation["expr"].startswith("1000 * "), annotation["name"]
        assert re.search(r"_time(stamp)?_seconds\{", annotation["expr"]), annotation["name"]


def test_the_release_watch_marks_live_breach_rollback_and_end():
    watch = next(dashboard for dashboard in ALL if dashboard.json["uid"] == "release-guard-watch")
    assert [annotation["name"] for annotation in watch.annotations] == ["Live", "Breach", "Rollback", "End"]
