// SPDX-License-Identifier: Apache-2.0
//
// What the guard shows of releases, as JSON. guard/api/openapi.yaml describes it, and a test holds one against the
// other. Pure.
#pragma once

#include "guard/base/json.hpp"
#include "guard/model/check.hpp"
#include "guard/model/freeze.hpp"
#include "guard/model/timeline.hpp"
#include "guard/story/links.hpp"
#include "guard/story/views.hpp"

#include <optional>
#include <vector>

namespace guard::story {

// What a list shows: where the release stands and what happens next.
json::object summary_json(const ReleaseView& view);
// The summary with rules, signals and decisions, and where to see for oneself.
json::object to_json(const ReleaseView& view, const Outside& outside = {});
json::array to_json(const std::vector<model::TimelineEvent>& timeline);
json::object to_json(const InForce& in_force);
json::object to_json(const model::Freeze& freeze, WallTime now);
json::array to_json(const std::vector<model::Freeze>& freezes, WallTime now);
// Whether all have passed, as seen at `at`.
json::object to_json(const std::vector<model::Check>& checks, WallTime at);
json::object to_json(const PreflightView& preflight);
// Adds `timeline`, and `timeline_before`: what asks for the part before it.
void add_timeline(json::object& release, const std::vector<model::TimelineEvent>& events,
                  std::optional<std::int64_t> before);
// Columns of equal length: what a chart draws, null where nothing is known.
json::object to_json(const SeriesView& series);

}  // namespace guard::story
