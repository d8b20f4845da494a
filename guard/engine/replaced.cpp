// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/replaced.hpp"

#include <fmt/format.h>

namespace guard::engine {
namespace {

using core::CallState;
using core::Watch;

// The last of the place that went live before this one.
const Watch* last_live(const Draft& draft, const Watch& fresh) {
  const Watch* last = nullptr;
  draft.for_each([&](const Watch& other) {
    if (!core::same_place(other.spec, fresh.spec) || other.spec.id == fresh.spec.id || !other.live_at) return;
    if (last == nullptr || *other.live_at >= *last->live_at) last = &other;
  });
  return last;
}

// What it left running; nothing where a hook may or may not have done its work.
std::string left_by(const Watch& watch) {
  const auto* rollback = watch.last_rollback();
  if (rollback == nullptr || rollback->attempts.empty()) return watch.spec.version;
  return rollback->state == CallState::confirmed ? watch.spec.previous_version : "";
}

// A tag and a commit may name the same thing. What is known here as a version of its own is another.
bool is_known(const Draft& draft, const Watch& fresh, const std::string& version) {
  bool known = false;
  draft.for_each([&](const Watch& other) {
    if (!core::same_place(other.spec, fresh.spec) || other.spec.id == fresh.spec.id || !other.live_at) return;
    known = known || other.spec.version == version || other.spec.previous_version == version;
  });
  return known;
}

}  // namespace

Replaced replaced_by(const Draft& draft, const Watch& fresh) {
  const auto* last = last_live(draft, fresh);
  if (last == nullptr) return {};
  Replaced replaced{left_by(*last), false};
  const auto& version = replaced.version;
  if (version.empty() || version == fresh.spec.version || !fresh.can_go_back()) return {};
  const bool went_live_meanwhile = *last->live_at > fresh.announced_at;
  replaced.contested = version != fresh.spec.previous_version &&
                       (went_live_meanwhile || is_known(draft, fresh, fresh.spec.previous_version));
  return replaced;
}

std::string words_of(const Replaced& replaced, const core::ReleaseSpec& spec) {
  if (replaced.version.empty() || replaced.version == spec.previous_version) return "";
  return fmt::format("{} was live in its place before, not {}, which it names to go back to", replaced.version,
                     spec.previous_version);
}

}  // namespace guard::engine
