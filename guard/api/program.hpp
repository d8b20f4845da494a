// SPDX-License-Identifier: Apache-2.0
//
// Which program answers, and how it was started: what does not change while it runs. Values.
#pragma once

#include "guard/base/time.hpp"
#include "guard/base/version.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace guard::api {

struct Program {
  Build build;
  std::map<std::string, std::string> flags = {};  // of `serve`, without dashes, those that were not given too
  WallTime started{};
  std::filesystem::path folder = {};  // in which it works
  std::string host = {};              // the machine's name
};

}  // namespace guard::api
