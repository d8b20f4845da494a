// SPDX-License-Identifier: Apache-2.0
#include "guard/core/gate.hpp"

#include "guard/core/freezes.hpp"
#include "guard/core/rollback_policy.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::core {
namespace {

Check passed(std::string name, std::string seen) {
  return {std::move(name), CheckState::passed, std::move(seen), ""};
}

Check rules(const GateFacts& facts) {
  if (facts.group && facts.version_problem)
    return {"rules", CheckState::failed, *facts.version_problem,
            "call it as the hook takes it, or let the hook's `versions` match it"};
  if (facts.group)
    return passed("rules", fmt::format("rule group {} would watch it in mode {}", facts.group->name,
                                       to_string(facts.group->rollback.mode)));
  if (facts.group_unknown)
    return {"rules", CheckState::unknown, "which rule group would watch it depends on its version or labels",
            "say which version it is"};
  return {"rules", CheckState::failed, facts.group_problem, "add a rule group for it, or correct the names"};
}

Check freeze(const GateFacts& facts) {
  if (!facts.freeze) return passed("freeze", "no freeze refuses it");
  return {"freeze", CheckState::failed, refusal(*facts.freeze),
          "wait, announce a fix that cannot wait as a hotfix, or end the freeze"};
}

Check place(const GateFacts& facts) {
  if (facts.unfinished.empty()) return passed("place", "no rollback is under way there, and nothing needs a person");
  std::vector<std::string> seen;
  for (const auto& one : facts.unfinished) seen.push_back(fmt::format("release {}: {}", one.release, one.what));
  return {"place", CheckState::failed, fmt::format("{}", fmt::join(seen, "; ")), facts.unfinished.front().advice};
}

std::optional<Check> required(std::string name, const std::optional<Shown>& shown, const GateFacts& facts) {
  if (!shown) return std::nullopt;
  if (shown->met) return passed(std::move(name), shown->seen);
  if (!facts.requirement_refuses) return passed(std::move(name), shown->seen + "; that only warns");
  return Check{std::move(name), CheckState::failed, shown->seen, shown->advice};
}

std::optional<Check> staging(const GateFacts& facts) {
  if (facts.version_unknown)
    return Check{"staging", CheckState::unknown, "what it must have shown elsewhere depends on its version",
                 "say which version it is"};
  return required("staging", facts.staging, facts);
}

// Of several rules the worst reading counts, and all of its kind are told.
std::optional<Check> alerts(const GateFacts& facts) {
  if (facts.alerts.empty()) return std::nullopt;
  std::vector<std::string> firing;
  std::vector<std::string> unclear;
  for (const auto& reading : facts.alerts) {
    if (reading.outcome == Outcome::breach) firing.push_back(reading.detail);
    if (reading.outcome == Outcome::error || reading.outcome == Outcome::no_data) unclear.push_back(reading.detail);
  }
  if (!firing.empty())
    return Check{"alerts", CheckState::failed, fmt::format("{}", fmt::join(firing, "; ")),
                 "find the cause first; a fix for it is announced as a hotfix once this is clear"};
  if (!unclear.empty())
    return Check{"alerts", CheckState::unknown, fmt::format("{}", fmt::join(unclear, "; ")),
                 "see that Alertmanager answers the guard, or posts to it"};
  return passed("alerts", facts.alerts.front().detail);
}

Check brakes(const GateFacts& facts) {
  std::vector<std::string> on;
  if (facts.kill_switch) on.emplace_back("the kill switch is on");
  if (!facts.breaker.empty()) on.push_back(breaker_words(facts.breaker));
  if (on.empty()) return passed("brakes", "nothing holds automatic rollbacks back");
  const auto seen = fmt::format("{}", fmt::join(on, "; "));
  const bool acts = !facts.group || facts.group->rollback.mode == Mode::enforce;
  if (!acts) return passed("brakes", seen + "; its rule group rolls nothing back by itself anyway");
  return {"brakes", CheckState::failed, seen + ", so it would not be rolled back automatically",
          "wait until that is over"};
}

}  // namespace

std::vector<Check> gate_checks(const GateFacts& facts) {
  std::vector<Check> checks{rules(facts), freeze(facts), place(facts)};
  for (auto& check : {staging(facts), required("preflight", facts.preflight, facts), alerts(facts), facts.error_budget})
    if (check) checks.push_back(*check);
  checks.push_back(brakes(facts));
  return checks;
}

bool has_failed(const std::vector<Check>& checks) {
  return std::ranges::any_of(checks, [](const Check& check) { return check.state == CheckState::failed; });
}

bool is_open(const std::vector<Check>& checks) {
  return std::ranges::all_of(checks, [](const Check& check) { return check.state == CheckState::passed; });
}

}  // namespace guard::core
