// SPDX-License-Identifier: Apache-2.0
//
// What reports are made from, and how one is answered. Loop thread only.
#pragma once

#include "guard/api/message.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/report/report.hpp"

#include <functional>
#include <vector>

namespace guard::api {

using SeriesDone = std::function<void(std::vector<story::SeriesView>)>;

// One for each rule of kind expr, in their order, all asked for at once; none where the release never went live. What
// cannot be read has its problem in words and no points: a report is written whatever becomes of Prometheus. `done` is
// called once, perhaps before this returns.
void ask_series(engine::GuardService& guard, const story::ReleaseView& view, SeriesDone done);

// The longest time that can be asked for.
inline constexpr Duration longest_span = std::chrono::hours(24 * 366);

// When it was noticed that a release failed, and when that was over; nothing where it did not.
std::optional<story::FailureView> failure_of(const story::DeliveryView& figures, const std::string& release);

Response as_response(report::Document document);

}  // namespace guard::api
