// SPDX-License-Identifier: Apache-2.0
//
// Which program answers, how it was started and where it listens: what does not change while it runs. Values.
#pragma once

#include "guard/base/time.hpp"
#include "guard/base/version.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace guard::api {

struct Program {
  Build build;
  std::map<std::string, std::string> flags = {};  // of `serve`, without dashes, those that were not given too
  WallTime started{};
  std::filesystem::path folder = {};  // in which it works
  std::string host = {};              // the machine's name
};

// How people reach it.
struct Listening {
  std::vector<std::string> addresses;  // host:port
  std::string path = "/";              // of the page; everything else is below it
  bool tls = false;
  bool web_config_file = false;  // it was started with one
};

}  // namespace guard::api
