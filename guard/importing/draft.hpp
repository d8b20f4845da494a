// SPDX-License-Identifier: Apache-2.0
//
// A rule as it is carried over, before it stands in a file. Values.
#pragma once

#include "guard/base/time.hpp"
#include "guard/config/source.hpp"
#include "guard/model/objective.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guard::importing {

// How long releases are watched by what is imported.
inline constexpr Duration window = std::chrono::hours(2);
inline constexpr Duration longest_settle = std::chrono::minutes(5);

struct Origin {
  const config::Source* source = nullptr;
  std::size_t offset = 0;
};

// Broken at so many of its readings, taken so far apart.
struct Repeated {
  int failures = 1;
  int of = 1;
  Duration interval{0};
};

// A rule as it will stand in the file. Exactly one of `expr`, `bad` or `good` with `total`, and `alerts` is set.
struct Draft {
  Draft(std::string its_name, const Origin& its_origin, std::string its_service = {})
      : name(std::move(its_name)), origin(its_origin), service(std::move(its_service)) {}

  std::string name;  // as it is called where it comes from
  Origin origin;
  std::string service;  // whose releases it watches; empty: any
  std::string expr;
  std::string bad;
  std::string good;
  std::string total;
  std::vector<std::string> alerts;  // matchers of those that must not fire
  std::string objective = "none firing";
  model::Unit unit = model::Unit::number;  // of the objective
  Duration sustained{0};
  std::optional<Repeated> repeated;  // instead
  Duration interval{0};              // at which it was read where it comes from; 0: that was not said
  std::string only_if;
  bool reduce_any = false;
  std::string on_no_data;
  std::string on_too_few;
  std::string action;
  std::vector<std::pair<std::string, std::string>> annotations;
  std::vector<std::string> remarks;  // what it means that is not meant where it comes from

  bool is_share() const { return !total.empty(); }
  void remark(std::string text) { remarks.push_back(std::move(text)); }
};

}  // namespace guard::importing
