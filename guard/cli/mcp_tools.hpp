// SPDX-License-Identifier: Apache-2.0
//
// What an assistant may see: each tool is one of the program's own commands that only look, with some of its options.
// Looks only at where files lie.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/json.hpp"
#include "guard/cli/mcp_server.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace guard::cli {

// Where the commands look; what the person who began the server has said.
struct McpSources {
  std::vector<std::string> guard;    // options that name a running guard
  std::vector<std::string> metrics;  // options that name a Prometheus
  std::filesystem::path folder;      // rule files are read from here and below, and from nowhere else
};

std::vector<McpTool> mcp_tools();

// The command line, without the program's name, that the tool stands for. Nothing of `arguments` can become an option
// that is not the tool's. Fails with invalid on an argument that it does not know, or of the wrong type, or missing,
// and on a file that is no rule file of the folder: an assistant that was talked into it shall not read others, whose
// lines stand in messages.
Result<std::vector<std::string>> command_line_of(const std::string& tool, const json::object& arguments,
                                                 const McpSources& sources);

}  // namespace guard::cli
