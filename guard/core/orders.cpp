// SPDX-License-Identifier: Apache-2.0
#include "guard/core/orders.hpp"

#include "guard/core/phase_machine.hpp"
#include "guard/core/rollback_order.hpp"

#include <fmt/format.h>

namespace guard::core {
namespace {

using Allowed = std::expected<void, std::string>;

Event event_of(Verb verb) {
  switch (verb) {
    case Verb::live:
      return Event::live;
    case Verb::pause:
      return Event::pause;
    case Verb::resume:
      return Event::resume;
    case Verb::approve:
      return Event::approve;
    case Verb::abort:
      return Event::abort;
    case Verb::rollback:
      return Event::order_rollback;
  }
  return Event::live;
}

// What a hook is doing now is not called back.
Allowed may_abort(const Watch& watch) {
  if (!watch.is_calling()) return {};
  return std::unexpected(fmt::format("the {}hook is being called now; wait for its outcome",
                                     watch.open_rollback() != nullptr ? "rollback " : ""));
}

// Where nothing was announced to go back to, a rollback is ordered to a version that it names; an approval names none.
Allowed may_go_back(const Watch& watch, Verb verb) {
  const auto no_way = verb == Verb::approve ? nowhere_to_go(watch, default_target(watch)) : no_hook(watch);
  if (no_way) return std::unexpected("the rollback is not possible: " + no_way->reason.value_or(""));
  return {};
}

}  // namespace

Allowed may_order(const Watch& watch, Verb verb) {
  if (const auto next = next_phase(watch.phase, event_of(verb)); !next) return std::unexpected(next.error());
  switch (verb) {
    case Verb::live:
      return {};
    case Verb::pause:
      return watch.paused ? std::unexpected("the release is paused already") : Allowed();
    case Verb::resume:
      return watch.paused ? Allowed() : std::unexpected("the release is not paused");
    case Verb::abort:
      return may_abort(watch);
    case Verb::approve:
    case Verb::rollback:
      return may_go_back(watch, verb);
  }
  return {};
}

std::vector<Verb> allowed_orders(const Watch& watch) {
  std::vector<Verb> out;
  for (const auto verb : {Verb::approve, Verb::pause, Verb::resume, Verb::abort, Verb::rollback})
    if (may_order(watch, verb)) out.push_back(verb);
  return out;
}

}  // namespace guard::core
