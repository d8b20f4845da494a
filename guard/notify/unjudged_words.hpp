// SPDX-License-Identifier: Apache-2.0
//
// Why a release that is watched cannot be judged, as one alert tells it. Pure.
#pragma once

#include "guard/notify/message.hpp"

#include <optional>

namespace guard::notify {

// The first reason there is, or nothing: it is judged, or it is not watched.
std::optional<Message> unjudged(const story::ReleaseView& release);

}  // namespace guard::notify
