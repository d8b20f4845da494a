// SPDX-License-Identifier: Apache-2.0
//
// Answers the guard's questions from a story. The expressions that its rules ask for are known by their text; what is
// not known is a mistake of the benchmark and thrown, never an empty answer. One owner each.
#pragma once

#include "guard/metrics/metrics_source.hpp"
#include "guard/model/rule.hpp"
#include "tests/sim/answerer.hpp"

#include <functional>
#include <map>

namespace guard::decisions {

class StoryAnswers final : public metrics::MetricsSource {
 public:
  StoryAnswers(const sim::Story& story, const model::RuleGroup& group);

  model::Samples query(const metrics::InstantQuery& query) override { return instant(query.expr, query.at); }
  model::Samples query_raw(const metrics::InstantQuery& query) override;
  model::Samples query_range(const metrics::RangeQuery& query) override;

 private:
  using Function = std::function<std::optional<double>(sim::Answerer&, WallTime)>;
  void learn_ages(const std::string& expr);
  std::vector<model::Sample> instant(const std::string& expr, WallTime at);
  std::optional<double> sum_increase(std::string_view expr, WallTime at);
  std::vector<model::Sample> bounds(WallTime at);

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
