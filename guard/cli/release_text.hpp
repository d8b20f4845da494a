// SPDX-License-Identifier: Apache-2.0
//
// A release in words, for someone who was woken up by it: what it is, where it stands and why, every rule, every
// decision, what happens next. Pure; safe from any thread.
#pragma once

#include "guard/client/release_answer.hpp"

#include <string>
#include <vector>

namespace guard::cli {

struct TextOptions {
  WallTime now{};
  bool colour = false;
  bool explain = false;     // every rule's explanation, not only of those that do not hold, and the timeline
  std::size_t columns = 0;  // longer lines are wrapped; 0: none is
};

// The whole page of `release status`.
std::string status_text(const client::ReleaseAnswer& release, const TextOptions& options);

// Of one that is contested: what that means, and why.
std::string contested_text(const client::ReleaseAnswer& release);

// Its first line: "shop 1.4.2 in production: watching, 1h12m left".
std::string headline_text(const client::ReleaseAnswer& release, const TextOptions& options);

// Whom to call, a line for each.
std::string contact_lines(const model::Contacts& contacts, const TextOptions& options);

// One line: "watching, 1h12m left: error_rate 0.2% ok, latency_p95 3.2s pending".
std::string progress_text(const client::ReleaseAnswer& release, WallTime now);

// What holds back everybody now, a line each; empty where nothing does.
std::string in_force_text(const client::InForceAnswer& in_force, const TextOptions& options);

// "rolls back because error_rate: 20% against < 1%".
std::string decision_sentence(const client::DecisionAnswer& decision);

// The table of `release list`, or a sentence if there is none.
std::string list_text(const std::vector<client::ReleaseAnswer>& releases, const TextOptions& options);

}  // namespace guard::cli
