// SPDX-License-Identifier: Apache-2.0
//
// What a report says, before it is written as Markdown or HTML: plain text, not escaped yet. Pure.
#pragma once

#include "guard/report/figures.hpp"
#include "guard/report/report.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guard::report {

// The two that are written for people.
std::string markdown_report(const Report& report);
std::string html_report(const Report& report);

// From live, or from the announcement where it never went live, to the end.
std::optional<Duration> time_taken(const story::ReleaseView& view);

// None are known of a release that never went live.
Figures figures_of(const story::ReleaseView& view, const story::SeriesView& series);

// How the verdicts on rules of kind alerts changed: what fired and counted, and when it was over. That nothing fires is
// no news.
std::vector<model::TimelineEvent> alert_events(const Report& report);

std::string title_text(const story::ReleaseView& view);

// The facts of the head, in order.
std::vector<std::pair<std::string, std::string>> facts(const story::ReleaseView& view);

// One line of the table of objectives.
using Row = std::array<std::string, 9>;
extern const Row rule_head;
Row rule_row(const Report& report, const story::RuleView& rule);

// The verdict on a rule in words. After a rollback the rules are judged anew: their verdicts are then on the version
// that runs again, and it is said whether there was a breach before.
std::string verdict_text(const Report& report, const story::RuleView& rule);

// The last reading of a rule in words, and why there are no figures where there should be some.
std::string evidence_text(const Report& report, const story::RuleView& rule);

// A chart in words.
std::string described(const story::SeriesView& series, const Figures& figures);

// Where to see one of its objectives for oneself.
std::vector<story::Link> links_of_rule(const Report& report, const std::string& slo);

// "the guard", or the name of a person or pipeline.
std::string decided_by(const model::Decision& decision);

// When, by whom, for which objective and by which hook; and with what was decided and why.
std::string decision_facts(const model::Decision& decision);
std::string decision_text(const model::Decision& decision);
std::string attempt_text(const model::Attempt& attempt);
std::string event_text(const model::TimelineEvent& event);
// That older entries of the timeline are left out; empty where none are.
std::string left_out_text(const Report& report);

}  // namespace guard::report
