// SPDX-License-Identifier: Apache-2.0
//
// What those share that propose rules: questions about one moment, and how a rule and its selectors are written. Blocks
// as long as the server does; any thread.
#pragma once

#include "guard/base/error.hpp"
#include "guard/metrics/metrics_source.hpp"
#include "guard/replay/proposed.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace guard::replay {

using Names = std::set<std::string>;

// Or as long as the release is live.
inline constexpr std::string_view five_minutes = "{{ window_since_live \"5m\" }}";

class Questions {
 public:
  Questions(metrics::MetricsSource& metrics, const Wanted& wanted) : metrics_(metrics), wanted_(wanted) {}

  // Of each value of `label` that the answer has, the sum. Fails with unavailable where there is no answer.
  Result<std::map<std::string, double>> by_label(const std::string& expr, const std::string& label) const;
  // The value of an answer without labels; nothing where it has none, or no number.
  std::optional<double> value(const std::string& expr) const;

 private:
  Result<std::vector<model::Sample>> ask(const std::string& expr) const;

  metrics::MetricsSource& metrics_;
  const Wanted& wanted_;
};

// `lines` are those of the rule below its name.
void add_rule(Proposal& proposal, std::string slo, const std::string& lines, std::string words);

// A regular expression for these values alone, to stand in quotes in PromQL and in YAML: what has a meaning in any of
// the three is written as the dot that matches it.
std::string regex_of(const Names& values);

}  // namespace guard::replay
