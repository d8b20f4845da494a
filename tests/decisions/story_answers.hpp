// SPDX-License-Identifier: Apache-2.0
//
// Answers the guard's questions from a story. The expressions that its rules ask for are known by their text; what is
// not known is a mistake of the benchmark and thrown, never an empty answer. One owner each.
#pragma once

#include "guard/core/questions.hpp"
#include "tests/sim/answerer.hpp"

#include <functional>
#include <map>

namespace guard::decisions {

class StoryAnswers {
 public:
  StoryAnswers(const sim::Story& story, const model::RuleGroup& group);

  model::Samples answer(const core::Question& question);

 private:
  using Function = std::function<std::optional<double>(sim::Answerer&, WallTime)>;
  void learn_ages(const std::string& expr);
  std::vector<model::Sample> instant(const std::string& expr, WallTime at);
  std::optional<double> sum_increase(std::string_view expr, WallTime at);
  std::vector<model::Sample> bounds(WallTime at);
  std::vector<model::Sample> raw(const std::string& expr, WallTime at);  // of `selector[range]`

  sim::Answerer answerer_;
  std::map<std::string, Function> known_;
};

// The expressions that rules may be written with, as they stand in a rule file.
namespace expressions {
std::string failing();
std::string slowest();
std::string up();
std::string traffic();
std::string enough_traffic();
std::string enough_before();
}  // namespace expressions

}  // namespace guard::decisions
