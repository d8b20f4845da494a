// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/hook.hpp"

#include "guard/base/duration.hpp"

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

hooks::HookCall rehearsal_of(const Situation& situation) {
  hooks::HookCall call;
  const auto& spec = situation.spec;
  // Its own each time: what an earlier one left, or still runs, must not be taken for this one's outcome.
  call.key = fmt::format("{}/{}/rehearsal/{}", spec.service, spec.environment, format_time(situation.now.wall));
  call.release = "rehearsal";
  call.subject = {spec.service, spec.environment, spec.version, spec.previous_version, spec.labels, {}, {}};
  call.trigger = "rehearsal";
  call.reason = "a rehearsal: nothing is to be rolled back";
  call.decided_at = situation.now.wall;
  return call;
}

}  // namespace

model::Checks look_at_hook(const Situation& situation, const Means& means) {
  const auto& name = situation.group->rollback.hook;
  if (name.empty()) return {};
  model::Checks out{target(situation.spec)};
  const auto add = [&](CheckState state, std::string seen, std::string advice) {
    out.push_back({"hook " + name, state, std::move(seen), std::move(advice)});
    return out;
  };
  constexpr auto mend = "a rollback would fail: mend the hook first";
  if (!means.hook) return add(CheckState::failed, "it is not configured", mend);
  const auto call = rehearsal_of(situation);
  if (const auto usable = means.hook->rehearse(call); !usable)
    return situation.spec.previous_version.empty()
               ? add(CheckState::unknown, "it needs a version to go back to, so it was not tried out",
                     out.front().advice)
               : add(CheckState::failed, usable.error().message, mend);
  const auto seen = means.hook->try_out(call, left(situation, means));
  return seen ? add(CheckState::passed, *seen, "") : add(CheckState::failed, seen.error().message, mend);
}

}  // namespace guard::preflight
