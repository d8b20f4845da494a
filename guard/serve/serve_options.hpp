// SPDX-License-Identifier: Apache-2.0
//
// What the flags of `release-guard serve` say. Values.
#pragma once

#include "guard/base/log.hpp"
#include "guard/base/time.hpp"
#include "guard/base/version.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace guard::serve {

inline constexpr const char* default_address = "127.0.0.1:8929";

struct ServeOptions {
  std::filesystem::path config_file;
  // host:port; none: the sockets that the service manager passes, and without any default_address.
  std::vector<std::string> listen_addresses;
  std::filesystem::path storage_path;
  Duration retention{0};  // how long a release is kept after it ended
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::logfmt;
  Build build = {};                               // which program this is
  bool systemd_socket = false;                    // without a socket that the service manager passes it does not start
  std::string route_prefix = {};                  // of every path: /guard; empty: none
  std::filesystem::path web_config_file = {};     // empty: none
  std::map<std::string, std::string> flags = {};  // as the command line has them, to be shown
};

}  // namespace guard::serve
