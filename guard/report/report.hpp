// SPDX-License-Identifier: Apache-2.0
//
// What the post-release report is made of: what became of a release, each SLO over the watch, alerts, decisions with
// hook output, and the timeline. Values.
#pragma once

#include "guard/model/timeline.hpp"
#include "guard/story/delivery_view.hpp"
#include "guard/story/links.hpp"
#include "guard/story/views.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::report {

struct Report {
  story::ReleaseView view;
  std::vector<model::TimelineEvent> timeline;
  std::vector<story::SeriesView> series;  // of rules of kind expr; one that could not be read has only its problem
  std::optional<std::int64_t> timeline_before = {};  // asks for what is older than `timeline`; nothing: that is all
  story::Outside outside = {};                       // for its links
  std::optional<story::FailureView> failure = {};    // of a release that failed: when that was noticed, and over
};

}  // namespace guard::report
