// SPDX-License-Identifier: Apache-2.0
//
// One entry of `hooks:` to HookSettings. Looks whether the program and the files it names are usable, so that a hook
// that cannot work stops the start; blocking; safe from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/config/settings.hpp"

#include <filesystem>
#include <string_view>

namespace guard::config {

// True for letters, digits, _ - and ., at most 64 of them; the empty text too.
bool is_hook_name(std::string_view name);

// The hook as far as it can be read; it is complete if nothing was reported.
HookSettings parse_hook(const Report& report, const Node& node, const std::filesystem::path& base);

}  // namespace guard::config
