// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/resume.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/judge.hpp"
#include "guard/core/missed.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::engine {
namespace {

constexpr Duration for_ever = std::chrono::hours(24 * 365 * 100);
constexpr Duration longest_outage = std::chrono::hours(48);  // for which ages are told by wall time

// Boot time starts anew with each boot; what was taken in another is moved to where it would lie in this one.
void rebase(Instant& taken, Instant now) {
  taken.mono = now.mono - std::max(Duration{1}, now.wall - taken.wall);
}

void rebase(model::Watch& watch, Instant now) {
  for (auto& state : watch.rules) {
    if (state.last) rebase(state.last->at, now);
    if (state.read) rebase(*state.read, now);
    if (state.answered) rebase(*state.answered, now);
    state.counted_at.reset();  // no reading of this boot has come early
  }
}

// Boot time only goes on, so what lies ahead of it was taken in another boot, whatever the boot's name says: some
// sandboxes have one name for all boots, or none, and a snapshot brings back both.
bool from_another_boot(const model::WatchClock& taken, const Clock& clock) {
  return taken.boot_id != clock.boot_id() || (taken.as_of && taken.as_of->mono > clock.now().mono);
}

bool from_another_boot(const model::Watch& watch, const Clock& clock) {
  const auto now = clock.now().mono;
  return from_another_boot(watch.clock, clock) ||
         std::any_of(watch.rules.begin(), watch.rules.end(),
                     [&](const auto& state) { return state.last && state.last->at.mono > now; });
}

}  // namespace

model::Watch restored(model::Watch watch, const Clock& clock) {
  const auto now = clock.now();
  // However long it was down, a rollback that waited for its call meanwhile waited for so long. Others are well past
  // their end at the limit, so that nothing read now is taken for the window's.
  const auto limit = watch.phase == model::Phase::rolling_back
                         ? for_ever
                         : watch.group->window + watch.group->rollback.verify + longest_outage;
  if (from_another_boot(watch, clock)) {
    watch.clock.resume_after_reboot(now, clock.boot_id(), limit);
    rebase(watch, now);
    // Beyond the limit nobody knows which time belongs to which age.
    if (watch.clock.elapsed >= limit) core::pass_over(watch, now);
  }
  if (from_another_boot(watch.since_call, clock)) watch.since_call.resume_after_reboot(now, clock.boot_id(), for_ever);
  return watch;
}

std::optional<Duration> gap_before(const model::Watch& watch, Instant now) {
  std::optional<WallTime> last;
  for (const auto& state : watch.rules)
    if (state.last) last = std::max(last.value_or(state.last->at.wall), state.last->at.wall);
  if (!last || !model::is_judged(watch.phase)) return std::nullopt;
  const auto gap = now.wall - *last;
  return gap > core::most_covered(watch.group->interval) ? std::optional(gap) : std::nullopt;
}

void go_on(const model::Watch& watch, Ledger& ledger, const Log& log, Instant now) {
  const auto& id = watch.spec.id;
  log.info("engine", "going on with a release", {{"release", id}, {"phase", std::string(to_string(watch.phase))}});
  const auto gap = gap_before(watch, now);
  if (!gap) return;
  const auto text = fmt::format("nobody looked for {}", format_duration(*gap));
  ledger.submit([id, text](Draft& draft) -> Result<void> { return draft.note(id, model::Gap{}, text), Result<void>{}; },
                [](const Result<std::monostate>&) {});
}

}  // namespace guard::engine
