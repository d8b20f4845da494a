// SPDX-License-Identifier: Apache-2.0
//
// Makes a course short enough for a chart without making it look milder than it was. Pure.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace guard::replay {

// A chart needs no more, whatever the window.
inline constexpr std::size_t most_points = 240;

// Every second point goes; the worse of each two stays, as `bad` compares them.
template <class Point, class Bad>
void thin(std::vector<Point>& points, Bad bad) {
  std::vector<Point> out;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2)
    out.push_back(bad(points[i]) >= bad(points[i + 1]) ? points[i] : points[i + 1]);
  points = std::move(out);
}

}  // namespace guard::replay
