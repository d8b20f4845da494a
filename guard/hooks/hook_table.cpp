// SPDX-License-Identifier: Apache-2.0
#include "guard/hooks/hook_table.hpp"

#include <fmt/format.h>

namespace guard::hooks {
namespace {

// One overload per kind of std::variant in config::HookSettings; the compiler misses none.
struct Maker {
  const config::HookSettings& settings;
  const HookContext& context;

  Result<HookPtr> operator()(const config::CommandHook& command) const {
    return make_command_hook(settings, command, context.command);
  }
  Result<HookPtr> operator()(const config::HttpHook& http) const {
    return make_http_hook(settings, http, context.http);
  }
};

}  // namespace

Result<HookPtr> make_hook(const config::HookSettings& settings, const HookContext& context) {
  auto hook = std::visit(Maker{settings, context}, settings.kind);
  if (!hook) return fail(hook.error().code, fmt::format("hook {}: {}", settings.name, hook.error().message));
  return hook;
}

}  // namespace guard::hooks
