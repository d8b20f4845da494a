// SPDX-License-Identifier: Apache-2.0
//
// What people and pipelines order, as operations on a draft. Pure.
#pragma once

#include "guard/engine/announcement.hpp"
#include "guard/engine/ledger.hpp"

namespace guard::engine {

// Carries `order` out. Fails with not_found, or with conflict and the reason where it is not possible; `live` also as
// go_live does.
Result<void> carry_out(Draft& draft, const Order& order, const Circumstances& context);

// Keeps a signal the pipeline posts; the next round reads it. Fails with not_found, conflict (the release is over),
// invalid (no rule of the release reads a signal of this name).
Result<void> keep_signal(Draft& draft, const SignalPost& post);

}  // namespace guard::engine
