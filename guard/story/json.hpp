// SPDX-License-Identifier: Apache-2.0
//
// What the guard shows of releases, as JSON. guard/api/openapi.yaml describes it, and a test holds one against the
// other. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/model/timeline.hpp"
#include "guard/story/links.hpp"
#include "guard/story/views.hpp"

#include <string>
#include <vector>

namespace guard::story {

// The value of a rule's latest reading as people read it; empty where there is none.
std::string value_text(const RuleView& rule);

// What a list shows: where the release stands and what happens next.
json::object summary_json(const ReleaseView& view);
// The summary with rules, signals and decisions, and where to see for oneself.
json::object to_json(const ReleaseView& view, const Outside& outside = {});
json::array to_json(const std::vector<model::TimelineEvent>& timeline);
// Columns of equal length: what a chart draws, null where nothing is known.
json::object to_json(const SeriesView& series);

}  // namespace guard::story
