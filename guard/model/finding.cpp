// SPDX-License-Identifier: Apache-2.0
#include "guard/model/finding.hpp"

#include <algorithm>
#include <array>

namespace guard::model {
namespace {

using F = Finding;

constexpr bool error = true;
constexpr bool warning = false;
constexpr auto by_text = FoundBy::text;
constexpr auto by_server = FoundBy::server;
constexpr auto by_either = FoundBy::either;

constexpr std::array table{
    FindingInfo{F::unbalanced, "unbalanced", error, by_text,
                "a quote or a bracket of an expression lacks its other half", "close it, or delete it"},
    FindingInfo{F::threshold_in_expr, "threshold-in-expr", error, by_text,
                "`expr` compares with a number: where that does not hold it returns nothing, which reads as no data",
                "put the threshold in `objective`"},
    FindingInfo{
        F::condition_in_expr, "condition-in-expr", warning, by_text,
        "`expr` has a result only where a condition holds: a comparison, `and` with one, `unless`, or a count or "
        "sum of what a comparison lets pass",
        "put the condition in `only_if`, or give the rest a value: `… or vector(0)`"},
    FindingInfo{F::absence_in_expr, "absence-in-expr", warning, by_text,
                "`expr` is absent(), which is never ok: it returns nothing where all is well",
                "read the series themselves with `on_no_data: breach`, or write `absent(…) or vector(0)`"},
    FindingInfo{F::not_a_value, "not-a-value", warning, by_either,
                "`expr` results in a range of samples or in a text, so that every reading is an error",
                "put a function over it, such as rate() or max_over_time()"},
    FindingInfo{F::no_metric, "no-metric", warning, by_text, "`expr` names no metric: it is the same for every release",
                "name the metric that shows the fault"},
    FindingInfo{F::several_series, "several-series", warning, by_either,
                "`expr` results in several series of one release, and the rule does not say which counts",
                "set `reduce`, or aggregate without the label"},
    FindingInfo{F::raw_counter, "raw-counter", warning, by_text,
                "`expr` takes a counter as it is: it shows how long the process has run", "write rate() or increase()"},
    FindingInfo{
        F::wrong_unit, "wrong-unit", warning, by_either,
        "the unit of the objective is not that of `expr`: times are compared in seconds (`500ms` is 0.5), sizes "
        "in bytes, and `1%` is 0.01",
        "bring the value to that unit, or write the objective as a plain number"},
    FindingInfo{F::range_over_settle, "range-over-settle", warning, by_text,
                "`expr` looks back over a range longer than `settle`, into the time before the release",
                "write the range as `{{ window_since_live \"5m\" }}`, or settle longer"},
    FindingInfo{F::offset_over_settle, "offset-over-settle", warning, by_text,
                "`expr` has an `offset` longer than `settle`, so that it reads the time before the release",
                "settle longer"},
    FindingInfo{F::for_under_range, "for-under-range", warning, by_text,
                "`for` is shorter than the range of `expr`, which shows one bad moment for as long",
                "make `for` the longer of both, or write a share as `bad` and `total`"},
    FindingInfo{F::for_under_interval, "for-under-interval", warning, by_text,
                "`for` is shorter than the interval, so that two readings decide", "read more often or wait longer"},
    FindingInfo{F::share_of_rates, "share-of-rates", warning, by_text,
                "`expr` is a share of events computed from rates, which breaks on one event of a few",
                "write the two counters as `bad` and `total`, which are judged by evidence"},
    FindingInfo{
        F::rate_against_baseline, "rate-against-baseline", warning, by_text,
        "`expr` is a rate of events that must not fall below a part of its baseline, which few events do by chance",
        "write the counter as `count`, which is judged by evidence"},
    FindingInfo{F::all_ignored, "all-ignored", warning, by_text,
                "every rule of a group that may roll back ignores missing data, so that nobody hears of it",
                "give one of them `on_no_data: hold`"},
    FindingInfo{F::alerts_of_others, "alerts-of-others", warning, by_text,
                "a matcher of `alerts` names a service or environment that no release of the group has",
                "keep it only if it is an exporter's or an external label"},
    FindingInfo{F::hidden_group, "hidden-group", warning, by_text,
                "a group is never used, because one before it matches the same releases",
                "narrow the `match` of the first, or delete one of them"},
    FindingInfo{F::unused_hook, "unused-hook", warning, by_text, "no rule group uses a hook of the configuration",
                "name it in a group, or delete it"},
    FindingInfo{F::no_kill_switch_folder, "no-kill-switch-folder", warning, by_text,
                "the folder of `kill_switch_file` does not exist, so that nobody can put the file there in a hurry",
                "create the folder"},
    FindingInfo{F::ignore_without_reason, "ignore-without-reason", warning, by_text,
                "a comment would silence a finding, but does not say why; it silences nothing",
                "write `# release-guard: ignore NAME: why`"},
    FindingInfo{F::ignore_unknown, "ignore-unknown", warning, by_text,
                "a comment names no warning that there is; errors cannot be silenced",
                "correct the name, or delete the comment"},
    FindingInfo{F::ignore_unused, "ignore-unused", warning, by_text, "a comment silences a warning that is not there",
                "delete the comment"},
    FindingInfo{F::no_prometheus, "no-prometheus", error, by_server,
                "what answers at `prometheus.url` is no Prometheus", "correct `url`"},
    FindingInfo{F::refused, "refused", error, by_server, "the server cannot parse an expression", "correct it"},
    FindingInfo{F::cannot_break, "cannot-break", error, by_server,
                "the rule can never break, or never hold, with the series that the server has",
                "compare the labels and bounds with those of the server"},
    FindingInfo{
        F::part_over_total, "part-over-total", error, by_server,
        "`good` or `bad` counts more events than `total`, or one of them the same events several times, so that no "
        "share can be told",
        "compare the labels by which both select, and of buckets the `le`"},
    FindingInfo{F::still_gauge, "still-gauge", warning, by_server,
                "`expr` has not moved for a day, or as long as the server knows: a gauge that nobody sets looks as "
                "healthy as one "
                "that is well",
                "find out whether what sets it runs; an empty queue is none"},
    FindingInfo{F::no_series, "no-series", warning, by_server,
                "an expression has no result now; the message says whether it had series within the last week",
                "compare its name and labels with those of the server"},
    FindingInfo{
        F::never_bad, "never-bad", warning, by_server,
        "`bad` has selected no series for a week: right where nothing has failed, but so it looks with labels that "
        "no series has, and then the rule can never break",
        "compare its labels with those of the server"},
    FindingInfo{F::query_fails, "query-fails", warning, by_server,
                "the server cannot compute the expression, or not in 5s", "correct it as the server says"},
    FindingInfo{F::already_broken, "already-broken", warning, by_server, "the value breaks its objective now",
                "correct the expression or the objective, or see to the fault before a release"},
    FindingInfo{F::short_range, "short-range", warning, by_server,
                "the range of a rate is shorter than two scrapes, so that it seldom has a value",
                "make it four times the scrape interval"},
    FindingInfo{
        F::costly, "costly", warning, by_server,
        "one reading takes more than a million samples, or of a counter so many that it would be an error (200,000)",
        "select fewer series, shorten the range, or use a recording rule"},
    FindingInfo{F::no_version, "no-version", warning, by_server,
                "what `detect` finds does not say which version runs where: a series lacks a label",
                "let each series have the label `version`, and those of `service` and `environment` that `match` does "
                "not say"},
};

constexpr FindingInfo nothing{};

}  // namespace

std::span<const FindingInfo> all_findings() {
  return table;
}

const FindingInfo& info_of(Finding finding) {
  const auto* info = std::ranges::find(table, finding, &FindingInfo::finding);
  return info == table.end() ? nothing : *info;
}

const FindingInfo* finding_named(std::string_view name) {
  const auto* info = std::ranges::find(table, name, &FindingInfo::name);
  return info == table.end() ? nullptr : info;
}

}  // namespace guard::model
