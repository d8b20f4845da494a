// SPDX-License-Identifier: Apache-2.0
//
// One objective over the watch as SVG inside a page: no script, no style of its own, no reference to anything outside,
// so it is drawn under the strictest Content-Security-Policy and stays whole when the page is saved or sent. Text and
// axes take the page's colour; lines differ in their dashes too. Pure.
#pragma once

#include "guard/report/figures.hpp"
#include "guard/story/views.hpp"

#include <string>
#include <vector>

namespace guard::report {

// Well-formed XML. `described` is the chart in words, for those who do not see it; `id` is the chart's own within the
// page. Empty, if no point has a value.
struct ChartWords {
  std::string id;
  std::string described;
  std::vector<WallTime> rollbacks = {};  // when they were decided
};
std::string chart_svg(const story::SeriesView& series, const TimeLive& live, const ChartWords& words);

}  // namespace guard::report
