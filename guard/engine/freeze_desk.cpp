// SPDX-License-Identifier: Apache-2.0
#include "guard/engine/freeze_desk.hpp"

#include "guard/base/duration.hpp"
#include "guard/engine/freeze_orders.hpp"

#include <memory>
#include <utility>

namespace guard::engine {

void FreezeDesk::begin(model::Freeze freeze, Completion<Frozen> done) {
  auto frozen = std::make_shared<Frozen>(Frozen{std::move(freeze), false});
  const auto operation = [frozen](Draft& draft) -> Result<void> {
    const auto fresh = begin_freeze(draft, frozen->freeze);
    if (!fresh) return std::unexpected(fresh.error());
    frozen->created = *fresh;
    frozen->freeze = draft.ordered_freezes().at(frozen->freeze.id);
    return {};
  };
  parts_.ledger.submit(operation, [this, frozen, done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    if (frozen->created) record("a freeze begins", frozen->freeze, frozen->freeze.actor);
    done(std::move(*frozen));
  });
}

void FreezeDesk::end(const FreezeEnd& end, Completion<model::Freeze> done) {
  auto ended = std::make_shared<model::Freeze>();
  const auto operation = [end, ended](Draft& draft) -> Result<void> {
    auto freeze = end_freeze(draft, end);
    if (!freeze) return std::unexpected(freeze.error());
    *ended = std::move(*freeze);
    return {};
  };
  parts_.ledger.submit(operation, [this, end, ended, done = std::move(done)](const Result<std::monostate>& durable) {
    if (!durable) return done(std::unexpected(durable.error()));
    record("a freeze is ended before its time" + (end.reason.empty() ? "" : ": " + end.reason), *ended, end.actor.name);
    done(std::move(*ended));
  });
}

std::vector<model::Freeze> FreezeDesk::known() const {
  return known_freezes(*parts_.runtime()->settings, parts_.ledger.fleet(), parts_.clock.now().wall);
}

void FreezeDesk::record(const std::string& what, const model::Freeze& freeze, const std::string& actor) const {
  parts_.log.info(
      "engine", what,
      {{"freeze", freeze.id}, {"until", format_time(freeze.span.until)}, {"reason", freeze.reason}, {"actor", actor}});
  parts_.changed();
}

}  // namespace guard::engine
