// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/hook.hpp"

#include "guard/base/duration.hpp"

#include <set>

#include <fmt/format.h>

namespace guard::preflight {
namespace {

using model::Check;
using model::CheckState;

Check target(const model::ReleaseSpec& spec) {
  if (!spec.previous_version.empty())
    return {"rollback_target", CheckState::passed, "would go back to " + spec.previous_version, ""};
  return {"rollback_target", CheckState::unknown, "what is live here is not known to the guard",
          "say it when the release is announced: --previous-version"};
}

// A hook that the group may have called, and what it would be called for.
struct Tried {
  std::string name;
  model::DecisionKind purpose = model::DecisionKind::rollback;
  std::string_view otherwise;  // what its failure would mean, and what to do
};

hooks::HookCall rehearsal_of(const Situation& situation, const Tried& tried) {
  hooks::HookCall call;
  const auto& spec = situation.spec;
  // Its own each time: what an earlier one left, or still runs, must not be taken for this one's outcome.
  call.key =
      fmt::format("{}/{}/rehearsal/{}/{}", spec.service, spec.environment, tried.name, format_time(situation.now.wall));
  call.release = "rehearsal";
  call.purpose = tried.purpose;
  call.subject = {spec.service, spec.environment, spec.version, spec.previous_version, spec.labels, {}, {}};
  call.trigger = "rehearsal";
  call.reason = "a rehearsal: nothing is to be done";
  call.decided_at = situation.now.wall;
  return call;
}

Check look_at(const Tried& tried, const Situation& situation, const Means& means) {
  const auto found = [&](CheckState state, std::string seen, std::string_view advice) {
    return Check{"hook " + tried.name, state, std::move(seen), std::string(advice)};
  };
  const auto hook = means.hooks.find(tried.name);
  if (hook == means.hooks.end()) return found(CheckState::failed, "it is not configured", tried.otherwise);
  const auto call = rehearsal_of(situation, tried);
  if (const auto usable = hook->second->rehearse(call); !usable)
    return situation.spec.previous_version.empty()
               ? found(CheckState::unknown, "it needs a version to go back to, so it was not tried out",
                       target(situation.spec).advice)
               : found(CheckState::failed, usable.error().message, tried.otherwise);
  const auto seen = hook->second->try_out(call, left(situation, means));
  if (seen) return found(CheckState::passed, *seen, "");
  return found(CheckState::failed, seen.error().message, tried.otherwise);
}

}  // namespace

model::Checks look_at_hooks(const Situation& situation, const Means& means) {
  model::Checks out;
  if (const auto& name = situation.group->rollback.hook; !name.empty()) {
    out.push_back(target(situation.spec));
    const Tried back{name, model::DecisionKind::rollback, "a rollback would fail: mend the hook first"};
    out.push_back(look_at(back, situation, means));
  }
  std::set<std::string> seen;
  for (const auto& rule : situation.group->rules) {
    if (!rule.remedy || !seen.insert(rule.remedy->hook).second) continue;
    const Tried call{rule.remedy->hook, model::DecisionKind::call, "what it is to mend would not be: mend it first"};
    out.push_back(look_at(call, situation, means));
  }
  return out;
}

}  // namespace guard::preflight
