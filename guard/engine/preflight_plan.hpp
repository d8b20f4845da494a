// SPDX-License-Identifier: Apache-2.0
//
// What the loop gives a preflight on its way: whom it may ask, and what is known without asking. Loop thread only.
#pragma once

#include "guard/engine/guard_service.hpp"
#include "guard/engine/runtime.hpp"
#include "guard/preflight/situation.hpp"

namespace guard::engine {

// The servers of `runtime`, which stays as long as they are asked, and its hooks. `clock` must outlive them.
preflight::Means means_of(const Runtime& runtime, const Clock& clock);

// The check `guard`: whether its journal can be written.
model::Checks known_of(const Health& health);

}  // namespace guard::engine
