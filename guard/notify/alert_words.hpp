// SPDX-License-Identifier: Apache-2.0
//
// What the guard says of a release in words, for own_alerts.hpp: which alerts there are and what they tell. Pure.
#pragma once

#include "guard/notify/own_alerts.hpp"

#include <string>
#include <vector>

namespace guard::notify {

// What is particular to one alert; what every alert of a release carries is added to it.
struct Message {
  OwnAlertKind kind = OwnAlertKind::release_started;
  WallTime since{};
  std::string summary;
  std::string description;  // what it means for a person
  std::string why;
  std::string guard_did;
  std::string slo = {};  // the rule that it is about, where that is not what broke last
};

// Everything there is to say of `release` now.
std::vector<Message> messages_of(const story::ReleaseView& release, WallTime now);

}  // namespace guard::notify
