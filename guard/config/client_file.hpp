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

// Whether the files that it names must be there: a command that is given another token needs none of them.
enum class NamedFiles { unseen, readable };

Loaded<ClientFile> load_client_file(const std::filesystem::path& file, NamedFiles named = NamedFiles::unseen);

// From memory; the paths are relative to the folder of the source's path.
Loaded<ClientFile> parse_client_file(const Source& source, NamedFiles named = NamedFiles::unseen);

}  // namespace guard::config
