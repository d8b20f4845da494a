// SPDX-License-Identifier: Apache-2.0
//
// The guard's own decisions about a story: its round and its reviewer, stepped over the answers of the story from live
// to the end of the window, in mode enforce. No part of it knows what the story is labelled. Pure; safe from any
// thread.
#pragma once

#include "guard/core/questions.hpp"

#include <functional>

namespace guard::decisions {

// The first group of a rule file. Throws where the text has errors.
model::RuleGroupPtr rule_group(const std::string& text);

struct Scene {
  std::string service;
  WallTime live{};
};
// Answers what would be asked of a metrics server.
using Source = std::function<model::Samples(const core::Question&)>;

// The watch as it stands when its rollback is decided, or at the end.
struct Judged {
  model::Watch watch;
  std::optional<Duration> rolled_back;  // since live
};
Judged judge(const model::RuleGroupPtr& group, const Scene& scene, const Source& source);

}  // namespace guard::decisions
