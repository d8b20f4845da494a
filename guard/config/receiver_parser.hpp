// SPDX-License-Identifier: Apache-2.0
//
// One entry of `receivers`: who is told of what the guard does. Reads the file that holds its address; blocking; safe
// from any thread.
#pragma once

#include "guard/config/object_reader.hpp"
#include "guard/config/settings.hpp"

#include <filesystem>

namespace guard::config {

// Reports what is wrong. `base` is the folder that paths are relative to.
ReceiverSettings parse_receiver(const Report& report, const Node& node, const std::filesystem::path& base);

}  // namespace guard::config
