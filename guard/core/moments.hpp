// SPDX-License-Identifier: Apache-2.0
//
// A stretch of time asked for in one range query, taken apart into the moments at which a rule would have been read.
// Pure.
#pragma once

#include "guard/core/evaluation.hpp"
#include "guard/core/nouns.hpp"

#include <map>
#include <optional>
#include <vector>

namespace guard::core {

// The points of each moment, which are judged together, as an instant query at that moment would have been.
using Moments = std::map<WallTime, std::vector<Sample>>;
// A source error gives nothing.
Moments by_moment(const Samples& points);

// What a rule of kind expr was told of a stretch of time.
struct StretchAnswer {
  Samples points;
  std::optional<Samples> condition;  // only_if at the same moments
  std::optional<double> baseline;
};

// What `rule` would have read at each moment of the points, in order of time. A source error gives nothing.
std::vector<Evaluation> evaluate_moments(const Rule& rule, const Subject& subject, const StretchAnswer& answer);

}  // namespace guard::core
