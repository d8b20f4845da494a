// SPDX-License-Identifier: Apache-2.0
#include "guard/core/orders.hpp"

#include "guard/core/phase_machine.hpp"

namespace guard::core {

std::vector<Verb> allowed_orders(const Watch& watch) {
  const bool has_hook = !watch.group->rollback.hook.empty();
  std::vector<Verb> out;
  const auto offer = [&](Verb verb, Event event, bool sensible) {
    if (sensible && next_phase(watch.phase, event)) out.push_back(verb);
  };
  offer(Verb::approve, Event::approve, has_hook && watch.can_go_back());
  offer(Verb::pause, Event::pause, !watch.paused);
  offer(Verb::resume, Event::resume, watch.paused);
  offer(Verb::abort, Event::abort, true);
  offer(Verb::rollback, Event::order_rollback, has_hook);  // where nothing was announced, to a version that it names
  return out;
}

}  // namespace guard::core
