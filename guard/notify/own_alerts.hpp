// SPDX-License-Identifier: Apache-2.0
//
// What the guard has to say through Alertmanager at one moment: a function of where releases stand and of its own
// health, so that a restarted guard says the same. States fire while they are true; announcements for a bounded time
// after what they announce. Pure.
#pragma once

#include "guard/alerts/own_alert.hpp"
#include "guard/config/settings.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/notify/severity.hpp"

#include <vector>

namespace guard::notify {

// The most pressing first. `releases` are those of Engine::current(announced_for).
std::vector<alerts::OwnAlert> own_alerts(const std::vector<story::ReleaseView>& releases, const engine::Health& health,
                                         const config::WebLinks& links, WallTime now);

}  // namespace guard::notify
