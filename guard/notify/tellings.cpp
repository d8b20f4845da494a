// SPDX-License-Identifier: Apache-2.0
#include "guard/notify/tellings.hpp"

#include "guard/notify/own_alerts.hpp"
#include "guard/receivers/formats.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace guard::notify {
namespace {

using alerts::OwnAlert;
using alerts::ToldState;

bool tells_end(const config::ReceiverSettings& receiver, const OwnAlert& alert) {
  if (!receiver.send_resolved) return false;
  if (receivers::tells_every_end(receiver.kind)) return true;
  const auto kind = from_string<OwnAlertKind>(alert.labels.at("alertname"));
  return kind && end_is_news(*kind);
}

bool is_critical(const OwnAlert& alert) {
  const auto severity = alert.labels.find("severity");
  return severity != alert.labels.end() && severity->second == "critical";
}

// Gathers what could be told now.
class Planner {
 public:
  Planner(const config::ReceiverSettings& receiver, Instant now) : receiver_(receiver), now_(now) {
    plan_.again = MonoTime::max();
  }

  void firing(const OwnAlert& alert, const Known* known) {
    if (known == nullptr || known->told.state == ToldState::sending_end) return add({alert, false, false}, 0);
    if (known->told.state == ToldState::ended) {
      if (is_critical(alert) || is_after(known->told.at, anew_after)) add({alert, false, false}, 0);
      return;
    }
    if (known->told.state == ToldState::sending) return send({alert, false, known->may_have_arrived}, *known);
    if (is_after(known->told.at, receiver_.repeat_interval)) add({alert, false, false}, 0);
  }

  void over(const Known& known) {
    const auto& told = known.told;
    if (told.state == ToldState::ended) {
      if (is_after(told.at, anew_after)) plan_.forget.push_back(told.alert.labels);
      return;
    }
    const bool untold = told.state == ToldState::sending && !known.may_have_arrived && !known.told_earlier;
    if (untold || !tells_end(receiver_, told.alert))
      plan_.forget.push_back(told.alert.labels);
    else if (told.state == ToldState::sending_end)
      send({told.alert, true, known.may_have_arrived}, known);
    else if (is_after(told.at, settled_after))
      send({told.alert, true, false}, known);
  }

  Plan done() && { return std::move(plan_); }

 private:
  void add(Telling telling, int behind) {
    if (plan_.next && behind >= behind_) return;
    plan_.next = std::move(telling);
    behind_ = behind;
  }

  void send(Telling telling, const Known& known) {
    if (now_.mono >= known.not_before)
      add(std::move(telling), known.behind);
    else
      plan_.again = std::min(plan_.again, known.not_before);
  }

  // A wall clock that was set back makes nobody wait longer than `by`.
  bool is_after(WallTime begin, Duration by) {
    const auto left = std::min(by, Duration(begin + by - now_.wall));
    if (left <= Duration{0}) return true;
    plan_.again = std::min(plan_.again, now_.mono + left);
    return false;
  }

  const config::ReceiverSettings& receiver_;
  Instant now_;
  Plan plan_;
  int behind_ = 0;  // of what is next
};

}  // namespace

Plan plan_of(const KnownAlerts& known, const std::vector<OwnAlert>& firing, const config::ReceiverSettings& receiver,
             Instant now) {
  Planner planner(receiver, now);
  std::set<model::Labels> fires;
  for (const auto& alert : firing) {
    if (!config::is_told_of(receiver, alert.labels)) continue;
    fires.insert(alert.labels);
    const auto it = known.find(alert.labels);
    planner.firing(alert, it == known.end() ? nullptr : &it->second);
  }
  for (const auto& [labels, entry] : known)
    if (!fires.contains(labels)) planner.over(entry);
  return std::move(planner).done();
}

}  // namespace guard::notify
