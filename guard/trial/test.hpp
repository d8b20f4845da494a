// SPDX-License-Identifier: Apache-2.0
//
// A test of rules as its file says it: what goes live, what is measured meanwhile, and what must have come of it. Every
// expectation knows where it stands. Values.
#pragma once

#include "guard/config/diagnostics.hpp"
#include "guard/model/evaluation.hpp"
#include "guard/model/rule.hpp"
#include "guard/model/rule_state.hpp"
#include "guard/replay/release.hpp"
#include "guard/trial/series_notation.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guard::trial {

// The zero of test time: a midnight, so that whatever is rounded to a grid is rounded alike. It lies in the past, since
// Prometheus refuses what lies ahead of its clock.
inline constexpr WallTime time_zero{std::chrono::sys_days{std::chrono::January / 5 / 2026}};

struct Series {
  model::Labels labels;
  Slots slots;
};

template <class T>
struct Expected {
  T value;
  config::Diagnostic place;  // an error where it stands, with the message left to write
};

struct ExpectedRule {
  std::size_t rule = 0;  // its index in the group
  std::optional<Expected<model::Outcome>> evaluation;
  std::optional<Expected<double>> value;  // in base units
  std::optional<Expected<model::Verdict>> verdict;
  std::optional<Expected<model::Reason>> reason;
};

struct Moment {
  Duration at{0};  // since live
  std::optional<Expected<model::Phase>> phase;
  std::optional<Expected<std::string>> decision;  // one of config::test_decisions
  std::optional<Expected<std::size_t>> by;        // the index of a rule
  std::vector<ExpectedRule> rules;
};

struct Test {
  std::string name;
  config::Diagnostic place;  // of its name
  replay::Release release;
  model::RuleGroupPtr group;  // that watches it
  Duration interval{0};       // between two slots
  std::vector<Series> series;
  std::map<std::size_t, Slots> given;  // by the index of a rule: what its expression answers
  std::vector<Moment> moments;         // in order of time, one at least
};

}  // namespace guard::trial
