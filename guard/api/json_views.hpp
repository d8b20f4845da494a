// SPDX-License-Identifier: Apache-2.0
//
// What the engine shows, as JSON. openapi.yaml describes it, and a test holds one against the other. Pure.
#pragma once

#include "guard/api/links.hpp"
#include "guard/api/message.hpp"
#include "guard/api/report_figures.hpp"
#include "guard/base/json.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/store/store.hpp"
#include "guard/story/views.hpp"

#include <vector>

namespace guard::api {

// The value of a rule's latest reading as people read it; empty where there is none.
std::string value_text(const story::RuleView& rule);

// What a list shows: where the release stands and what happens next.
json::object summary_json(const story::ReleaseView& view);
// The summary with rules, signals and decisions, and where to see for oneself.
json::object to_json(const story::ReleaseView& view, const Outside& outside = {});
json::object to_json(const engine::InForce& in_force);
json::array to_json(const std::vector<store::TimelineEvent>& timeline);
// As `timeline`, with what asks for the part before it.
void add_timeline(json::object& release, const store::TimelinePage& page);
// Columns of equal length: what a chart draws, null where nothing is known.
json::object to_json(const story::SeriesView& series);
// What a report says of one objective over the watch.
json::object to_json(const story::SeriesView& series, const Figures& figures);

Response json_response(int status, const json::value& value);

}  // namespace guard::api
