// SPDX-License-Identifier: Apache-2.0
//
// What one receiver is to be told next: a function of what it was told, of what fires, and of time. Each alert is told
// once, again while it lasts after `repeat_interval`, and its end once, where that is news. A receiver that was away is
// told what is true by then, not what it missed. Pure.
#pragma once

#include "guard/alerts/told_alert.hpp"
#include "guard/config/settings.hpp"

#include <map>
#include <optional>
#include <vector>

namespace guard::notify {

// An end is told no sooner than this after the beginning was: what comes and goes would flood a channel.
inline constexpr Duration settled_after = std::chrono::seconds(10);

// What has ended and begins again is told no sooner than this after its end was, unless it is critical.
inline constexpr Duration anew_after = std::chrono::minutes(5);

struct Known {
  alerts::ToldAlert told;
  bool may_have_arrived = false;  // what is being sent; a guard that was started anew cannot know
  bool told_earlier = false;      // it is a repetition that is being sent
  int failures = 0;               // of this message, in a row
  int behind = 0;                 // of those, since the receiver has taken another one
  bool refused = false;           // itself, and not because its receiver was away
  MonoTime not_before{};          // it is not tried again sooner
};
using KnownAlerts = std::map<model::Labels, Known>;

struct Telling {
  alerts::OwnAlert alert;
  bool over = false;
  bool told_before = false;  // it may have arrived already
};

struct Plan {
  std::vector<model::Labels> forget;  // nothing more is to be told of them
  std::optional<Telling> next;
  MonoTime again{};  // when to look again, if nothing changes
};

// `firing` has the most pressing first; one that failed stands back behind the others, until one of those was taken.
Plan plan_of(const KnownAlerts& known, const std::vector<alerts::OwnAlert>& firing,
             const config::ReceiverSettings& receiver, Instant now);

}  // namespace guard::notify
