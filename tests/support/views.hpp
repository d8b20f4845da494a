// SPDX-License-Identifier: Apache-2.0
//
// What people are shown of a release, with something in every part of it.
#pragma once

#include "guard/model/timeline.hpp"
#include "guard/story/views.hpp"

#include <vector>

namespace guard::test {

// error_rate of the full view at 12:00, 12:01 and so on, at 11:59 before it was live.
story::SeriesView some_series();
// A view with something in every field that JSON, report and page show.
story::ReleaseView full_view();
std::vector<model::TimelineEvent> some_timeline();

}  // namespace guard::test
