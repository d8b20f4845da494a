// SPDX-License-Identifier: Apache-2.0
//
// What the guard says of a release in words, for own_alerts.hpp: which alerts there are and what they tell. Pure.
#pragma once

#include "guard/notify/message.hpp"

#include <vector>

namespace guard::notify {

// Everything there is to say of `release` now.
std::vector<Message> messages_of(const story::ReleaseView& release, WallTime now);

}  // namespace guard::notify
