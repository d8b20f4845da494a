// SPDX-License-Identifier: Apache-2.0
//
// The guard's own decisions about a story: a replay over the answers of the story from live to the end of the window,
// in mode enforce. No part of it knows what the story is labelled. Pure; safe from any thread.
#pragma once

#include "guard/metrics/metrics_source.hpp"
#include "guard/model/rule.hpp"

#include <optional>
#include <string>

namespace guard::decisions {

// The first group of a rule file. Throws where the text has errors.
model::RuleGroupPtr rule_group(const std::string& text);

struct Scene {
  std::string service;
  WallTime live{};
};

struct Judged {
  std::string words;                    // of what was concluded, or of the end
  std::optional<Duration> rolled_back;  // since live
};
// As `source`, a metrics server or what stands for one, tells it.
Judged judge(const model::RuleGroupPtr& group, const Scene& scene, metrics::MetricsSource& source);

}  // namespace guard::decisions
