// SPDX-License-Identifier: Apache-2.0
//
// What other systems tell of deployments, as operations on a draft: the news may come twice, late, and in another order
// than they happened, and a pipeline may have announced the same release itself. Pure.
#pragma once

#include "guard/engine/announcement.hpp"
#include "guard/engine/guard_service.hpp"
#include "guard/engine/ledger.hpp"

namespace guard::engine {

// Carries out what the news mean now. Fails as announce() and carry_out() do.
Result<DeploymentEventTaken> take_event(Draft& draft, const DeploymentEvent& news, const Circumstances& context);

}  // namespace guard::engine
