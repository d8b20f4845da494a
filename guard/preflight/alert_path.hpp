// SPDX-License-Identifier: Apache-2.0
//
// The alert that proves its own way: the guard pushes it to Alertmanager, and hears of it again by webhook. It ends by
// itself if nobody ends it, counts against no release, and no person need hear of it. Blocking where it says so.
#pragma once

#include "guard/preflight/situation.hpp"

#include <functional>
#include <string>
#include <vector>

namespace guard::preflight {

// Hands the proof with this `id` to every Alertmanager; it fires until `ends_at` at most. Blocks for as long as they
// take. Fails, in words, if none of them took it.
Result<void> push_proof(const Situation& situation, const Means& means, const std::string& id, WallTime ends_at);

// One who is sent a message for people. Whether it arrives they see for themselves.
struct Addressee {
  std::string name;                    // as a person reads it
  std::function<model::Check()> tell;  // blocks, too; uses the situation and the means that it was made from
};

// Whom the news of such a release go to: Alertmanager, and each receiver that would be told of them.
std::vector<Addressee> addressees(const Situation& situation, const Means& means, const std::string& id);

// The check `alert_path`: no Alertmanager took the proof; it came back after so long, and `ended` says whether one took
// its end; it did not come back within so long. Pure.
model::Check not_pushed(const Error& why);
model::Check came_back(Duration after, const Result<void>& ended);
model::Check lost_on_the_way(const Means& means, Duration waited);

}  // namespace guard::preflight
