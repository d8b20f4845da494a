// SPDX-License-Identifier: Apache-2.0
#include "guard/core/phase_machine.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

namespace guard::core {
namespace {

using P = Phase;
using E = Event;

constexpr std::array table{
    Transition{P::deploying, E::live, P::settling}, Transition{P::deploying, E::order_rollback, P::rolling_back},
    Transition{P::deploying, E::abort, P::aborted}, Transition{P::deploying, E::supersede, P::superseded},

    Transition{P::settling, E::settled, P::watching}, Transition{P::settling, E::breach, P::rolling_back},
    Transition{P::settling, E::ask, P::awaiting_approval}, Transition{P::settling, E::window_breached, P::breached},
    Transition{P::settling, E::window_unverified, P::unverified},
    Transition{P::settling, E::order_rollback, P::rolling_back}, Transition{P::settling, E::pause, P::settling},
    Transition{P::settling, E::resume, P::settling}, Transition{P::settling, E::abort, P::aborted},
    Transition{P::settling, E::supersede, P::superseded},

    Transition{P::watching, E::breach, P::rolling_back}, Transition{P::watching, E::ask, P::awaiting_approval},
    Transition{P::watching, E::window_passed, P::passed}, Transition{P::watching, E::window_breached, P::breached},
    Transition{P::watching, E::window_unverified, P::unverified},
    Transition{P::watching, E::order_rollback, P::rolling_back}, Transition{P::watching, E::pause, P::watching},
    Transition{P::watching, E::resume, P::watching}, Transition{P::watching, E::abort, P::aborted},
    Transition{P::watching, E::supersede, P::superseded},

    Transition{P::awaiting_approval, E::approve, P::rolling_back},
    Transition{P::awaiting_approval, E::breach, P::rolling_back},
    Transition{P::awaiting_approval, E::order_rollback, P::rolling_back},
    Transition{P::awaiting_approval, E::window_breached, P::breached},
    Transition{P::awaiting_approval, E::window_unverified, P::unverified},
    Transition{P::awaiting_approval, E::abort, P::aborted},
    Transition{P::awaiting_approval, E::supersede, P::superseded},

    Transition{P::rolling_back, E::hook_confirmed, P::verifying},
    Transition{P::rolling_back, E::hook_failed, P::rollback_failed},
    Transition{P::rolling_back, E::hook_unknown, P::rollback_failed}, Transition{P::rolling_back, E::abort, P::aborted},
    Transition{P::rolling_back, E::supersede, P::superseded},

    Transition{P::verifying, E::holds_again, P::verifying}, Transition{P::verifying, E::breaks_again, P::verifying},
    Transition{P::verifying, E::verified, P::rolled_back},
    Transition{P::verifying, E::verify_unmet, P::rollback_failed},
    Transition{P::verifying, E::verify_no_evidence, P::unverified},
    Transition{P::verifying, E::order_rollback, P::rolling_back}, Transition{P::verifying, E::abort, P::aborted},
    Transition{P::verifying, E::supersede, P::superseded},

    // What goes wrong after the window, or after a failed try, is a person's to order.
    Transition{P::passed, E::order_rollback, P::rolling_back},
    Transition{P::breached, E::order_rollback, P::rolling_back},
    Transition{P::unverified, E::order_rollback, P::rolling_back},
    Transition{P::rollback_failed, E::order_rollback, P::rolling_back},
    Transition{P::rollback_failed, E::abort, P::aborted},  // a person has taken care of it
    Transition{P::aborted, E::order_rollback, P::rolling_back},
    Transition{P::superseded, E::order_rollback, P::rolling_back},  // once what took its place is undone
};

std::string refusal(Phase phase, Event event) {
  std::vector<std::string> places;
  for (const auto& t : table)
    if (t.event == event) places.push_back(in_words(t.from));
  return fmt::format("the release is {}, where \"{}\" is not possible; it is possible while {}", in_words(phase),
                     in_words(event), fmt::join(places, ", "));
}

}  // namespace

std::span<const Transition> transitions() {
  return table;
}

std::expected<Phase, std::string> next_phase(Phase phase, Event event) {
  for (const auto& t : table)
    if (t.from == phase && t.event == event) return t.to;
  return std::unexpected(refusal(phase, event));
}

}  // namespace guard::core
