// SPDX-License-Identifier: Apache-2.0
//
// The guard's own decisions about a story: its round and its reviewer, stepped over the answers of the story from live
// to the end of the window, in mode enforce. No part of it knows what the story is labelled. Pure; safe from any
// thread.
#pragma once

#include "guard/model/watch.hpp"
#include "tests/sim/story.hpp"

namespace guard::decisions {

// The first group of a rule file. Throws where the text has errors.
model::RuleGroupPtr rule_group(const std::string& text);

// The watch as it stands when its rollback is decided, or at the end. Throws where the rules ask for what the stories
// can't answer.
struct Judged {
  model::Watch watch;
  std::optional<Duration> rolled_back;  // since live
};
Judged judge(const model::RuleGroupPtr& group, const sim::Story& story);

}  // namespace guard::decisions
