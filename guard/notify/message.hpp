// SPDX-License-Identifier: Apache-2.0
//
// What one of the guard's own alerts tells of a release. Values.
#pragma once

#include "guard/notify/severity.hpp"
#include "guard/story/views.hpp"

#include <string>

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

// "meme-maker v1.2.0 in production"
std::string name_of(const story::ReleaseView& release);

}  // namespace guard::notify
