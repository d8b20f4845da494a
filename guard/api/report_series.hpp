// SPDX-License-Identifier: Apache-2.0
//
// Asks for the series that a report is written from. Loop thread only.
#pragma once

#include "guard/engine/guard_service.hpp"

#include <functional>
#include <vector>

namespace guard::api {

using SeriesDone = std::function<void(std::vector<story::SeriesView>)>;

// One for each rule of kind expr, in their order, all asked for at once; none where the release never went live. What
// cannot be read has its problem in words and no points: a report is written whatever becomes of Prometheus. `done` is
// called once, perhaps before this returns.
void ask_series(engine::GuardService& guard, const story::ReleaseView& view, SeriesDone done);

}  // namespace guard::api
