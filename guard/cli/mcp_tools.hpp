// SPDX-License-Identifier: Apache-2.0
//
// What an assistant may see: each tool is one of the program's own commands that only look, with some of its options.
// Pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/json.hpp"
#include "guard/cli/mcp_server.hpp"

#include <string>
#include <vector>

namespace guard::cli {

// Where the commands look; what the person who began the server has said.
struct McpSources {
  std::vector<std::string> guard;    // options that name a running guard
  std::vector<std::string> metrics;  // options that name a Prometheus, or a configuration file with one
};

std::vector<McpTool> mcp_tools();

// The command line, without the program's name, that the tool stands for. Nothing of `arguments` can become an option
// that is not the tool's. Fails with invalid on an argument that it does not know, or of the wrong type, or missing.
Result<std::vector<std::string>> command_line_of(const std::string& tool, const json::object& arguments,
                                                 const McpSources& sources);

}  // namespace guard::cli
