// SPDX-License-Identifier: Apache-2.0
#include "guard/story/messages.hpp"

#include "guard/core/reason_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guard::story {
namespace {

std::string message_of(const core::MadeUp& made_up) {
  if (made_up.readings == 0) return fmt::format("{} in vain, for the question failed", made_up.slo);
  const auto how = made_up.broken == 0 ? std::string("none in breach") : fmt::format("{} in breach", made_up.broken);
  if (made_up.unseen == 0) return fmt::format("{} {} readings ({})", made_up.slo, made_up.readings, how);
  return fmt::format("{} {} of {} readings, of the others there are no samples ({})", made_up.slo,
                     made_up.readings - made_up.unseen, made_up.readings, how);
}

}  // namespace

std::string message_of(const model::Decision& decision) {
  const auto held = decision.brake == model::Brake::none ? "" : fmt::format(" ({})", in_words(decision.brake));
  return fmt::format("decision {}: {}{}: {}", decision.number, in_words(decision.kind), held, decision.reason);
}

std::string message_of(const core::RuleChange& change) {
  const auto detail = change.after.last ? change.after.last->detail : "";
  const auto after = to_string(change.after.verdict);
  const auto verdict = change.after.verdict == change.before
                           ? fmt::format("still {}", after)
                           : fmt::format("{}, it was {}", after, to_string(change.before));
  return fmt::format("{}: {}: {}; {}", change.slo, verdict, detail, core::explain(change.after.reason));
}

std::string message_of(const std::vector<core::MadeUp>& made_up) {
  std::vector<std::string> each;
  for (const auto& of_rule : made_up) each.push_back(message_of(of_rule));
  return fmt::format("what could not be read in its time was asked for afterwards: {}", fmt::join(each, ", "));
}

}  // namespace guard::story
