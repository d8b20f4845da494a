// SPDX-License-Identifier: Apache-2.0
#include "guard/core/beginning.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

// Instances restart in the minute before the pipeline says "live"; what breaks then is the release's.
constexpr Duration switch_time = std::chrono::minutes(1);

}  // namespace

Result<RuleGroupPtr> group_for(const ReleaseSpec& spec, const std::vector<RuleGroupPtr>& groups) {
  const auto labels = model::labels_of(spec);
  const auto first =
      std::ranges::find_if(groups, [&](const auto& group) { return model::matches_all(group->match, labels); });
  if (first != groups.end()) return *first;
  return fail(
      ErrorCode::not_found,
      fmt::format("no rule group matches service=\"{}\", environment=\"{}\": add one to the rule files, or correct "
                  "the names; an unmatched release would not be watched",
                  spec.service, spec.environment));
}

Watch announced(const ReleaseSpec& spec, RuleGroupPtr group, Instant now, const std::string& boot_id) {
  Watch watch;
  watch.spec = spec;
  watch.phase_since = watch.announced_at = now.wall;
  watch.switch_began = spec.deploying ? now.wall : spec.live_at.value_or(now.wall) - switch_time;
  watch.phase_reason = "announced; waiting for the pipeline to say it is live";
  watch.rules.resize(group->rules.size());
  watch.group = std::move(group);
  watch.clock.boot_id = boot_id;
  return watch;
}

void mark_live(Watch& watch, WallTime live_at, Instant now, const std::string& boot_id) {
  watch.live_at = std::min(live_at, now.wall);
  // Announced only after it was live: what was measured since then is the release's own doing.
  if (*watch.live_at < watch.switch_began) watch.switch_began = *watch.live_at - switch_time;
  watch.clock.elapsed = std::min(now.wall - *watch.live_at, watch.group->window);
  watch.clock.start(now, boot_id);
}

void begin_switch(Watch& watch, WallTime seen) {
  watch.switch_began = std::min(watch.switch_began, seen - switch_time);
}

}  // namespace guard::core
