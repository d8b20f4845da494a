// SPDX-License-Identifier: Apache-2.0
//
// What fired at a moment of the past, as Prometheus keeps it in the series `ALERTS`; silences and inhibitions are not
// kept anywhere. Or as the history says itself. One owner each.
#pragma once

#include "guard/model/alert.hpp"
#include "guard/replay/history.hpp"

#include <expected>
#include <map>

namespace guard::replay {

class AlertHistory {
 public:
  using Answer = std::expected<model::AlertList, model::SourceError>;
  // What fires at `began` already counts as older than that.
  AlertHistory(const History& history, WallTime began) : history_(history), began_(began) {}

  // Asked for one moment after the other. Where the server has no samples of anything then, nobody knows what fired.
  Answer at(WallTime now);

 private:
  using Firing = std::expected<std::vector<model::Labels>, model::SourceError>;
  model::Samples ask(const char* expr, WallTime at);
  Firing firing(WallTime at);
  // That somebody knows what fires at `at`.
  std::expected<void, model::SourceError> is_known(WallTime at);
  // What fires as the switch begins, and since when.
  std::expected<void, model::SourceError> learn_before();
  void date_back();
  void follow(const std::vector<model::Labels>& firing, WallTime now);

  History history_;
  WallTime began_;
  bool knows_before_ = false;
  std::map<model::Labels, WallTime> since_;
};

}  // namespace guard::replay
