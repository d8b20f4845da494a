// SPDX-License-Identifier: Apache-2.0
//
// The kinds of hook there are, in one place: settings in, a live hook out. Safe from any thread.
#pragma once

#include "guard/config/settings.hpp"
#include "guard/hooks/command_hook.hpp"
#include "guard/hooks/http_hook.hpp"

namespace guard::hooks {

struct HookContext {
  CommandHookContext command;
  HttpHookContext http;
};

// Fails with invalid, naming the hook, if it cannot be used as configured.
Result<HookPtr> make_hook(const config::HookSettings& settings, const HookContext& context);

}  // namespace guard::hooks
