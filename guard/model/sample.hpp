// SPDX-License-Identifier: Apache-2.0
//
// What a metrics source answers: samples, or why there are none. Values; safe from any thread as long as each has one
// owner.
#pragma once

#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"
#include "guard/model/reason.hpp"

#include <expected>
#include <string>
#include <vector>

namespace guard::model {

// One series of an instant query, or one point of a range query.
struct Sample {
  Labels labels;
  double value = 0;
  WallTime at{};

  bool operator==(const Sample&) const = default;
};

// Why a source gave no answer: the reason (query_failed, partial_result, wrong_type…), words, and whether asking
// again may help.
struct SourceError {
  Reason reason = Reason::query_failed;
  std::string message;
  bool transient = false;

  bool operator==(const SourceError&) const = default;
};

using Samples = std::expected<std::vector<Sample>, SourceError>;

}  // namespace guard::model
