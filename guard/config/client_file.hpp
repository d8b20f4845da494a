// SPDX-License-Identifier: Apache-2.0
//
// The file in which a person or a machine keeps which guard its commands ask, and as whom. The command line alone reads
// it; `serve` knows nothing of it. Blocking; safe from any thread.
#pragma once

#include "guard/config/load.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace guard::config {

// What the file says; paths are absolute where that of the file is.
struct ClientFile {
  std::optional<std::string> server;
  std::optional<std::filesystem::path> token_file;
  std::optional<std::filesystem::path> ca_file;
  std::optional<std::filesystem::path> cert_file;
  std::optional<std::filesystem::path> key_file;
};

// Does not look at the files that it names: another one may be asked for instead.
Loaded<ClientFile> load_client_file(const std::filesystem::path& file);

}  // namespace guard::config
