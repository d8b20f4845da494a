// SPDX-License-Identifier: Apache-2.0
#include "guard/model/timeline.hpp"

namespace guard::model {
namespace {

struct KindOf {
  EventKind operator()(const PhaseChanged&) const { return EventKind::phase; }
  EventKind operator()(const VerdictChanged&) const { return EventKind::verdict; }
  EventKind operator()(const Decided&) const { return EventKind::decision; }
  EventKind operator()(const Attempted&) const { return EventKind::attempt; }
  EventKind operator()(const Signalled&) const { return EventKind::signal; }
  EventKind operator()(const Ordered&) const { return EventKind::ordered; }
  EventKind operator()(const Gap&) const { return EventKind::gap; }
  EventKind operator()(const Note&) const { return EventKind::note; }
  EventKind operator()(const Told& told) const { return told.kind; }
};

}  // namespace

EventKind kind_of(const Happening& what) {
  return std::visit(KindOf{}, what);
}

}  // namespace guard::model
