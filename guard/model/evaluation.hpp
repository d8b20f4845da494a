// SPDX-License-Identifier: Apache-2.0
//
// One reading of one rule at one instant. Values; safe from any thread as long as each has one owner.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/model/reason.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::model {

enum class Outcome { ok, breach, no_data, error };

struct Evaluation {
  Outcome outcome = Outcome::no_data;
  Reason reason = Reason::not_read_yet;
  std::optional<double> value;
  std::optional<double> bound;  // the objective resolved against the baseline
  std::string detail;           // in words, for people
  Instant at;
  std::optional<WallTime> sampled_at = {};   // when the newest sample behind the value was taken, where that is known
  std::vector<std::string> alerts = {};      // the names of those that were counted, each once
  std::vector<std::string> alert_urls = {};  // as many: where the source of each shows it; empty: not said

  bool operator==(const Evaluation&) const = default;
};

// What the pipeline posted.
struct Signal {
  bool succeeded = false;
  std::string detail;
  WallTime at{};

  bool operator==(const Signal&) const = default;
};

}  // namespace guard::model

namespace guard {

template <>
struct EnumNames<model::Outcome> {
  using O = model::Outcome;
  static constexpr std::array table{EnumName<O>{O::ok, "ok"}, EnumName<O>{O::breach, "breach"},
                                    EnumName<O>{O::no_data, "no_data"}, EnumName<O>{O::error, "error"}};
};

}  // namespace guard
