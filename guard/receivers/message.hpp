// SPDX-License-Identifier: Apache-2.0
//
// What one receiver is told at once: that one alert of the guard's own fires, or that it is over. A value.
#pragma once

#include "guard/alerts/own_alert.hpp"

#include <string>

namespace guard::receivers {

struct Message {
  alerts::OwnAlert alert;
  bool over = false;
  WallTime at{};             // when it is told
  std::string key;           // the same for every attempt to tell it
  bool told_before = false;  // it was sent already, and nobody knows whether it arrived
};

}  // namespace guard::receivers
