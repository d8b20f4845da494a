// SPDX-License-Identifier: Apache-2.0
//
// The server's side of the Model Context Protocol as far as tools need it: one JSON-RPC message in, its answer out.
// What the tools are and do is the caller's. Used by one thread.
//
// https://modelcontextprotocol.io/specification/2025-06-18, basic and server/tools; JSON-RPC 2.0.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/json.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::cli {

struct McpTool {
  std::string name;
  std::string description;
  json::object input_schema;
};

// What a tool said; `failed` is for the one who asked to deal with, not an error of the protocol.
struct McpResult {
  std::string text;
  bool failed = false;
};

class McpServer {
 public:
  struct Parts {
    std::string version;  // of this program
    std::vector<McpTool> tools;
    std::function<McpResult(const std::string& tool, const json::object& arguments)> call;
  };
  explicit McpServer(Parts parts) : parts_(std::move(parts)) {}

  // The answer to one line, without a line break; nothing where none is due. Never throws.
  std::optional<std::string> answer(std::string_view line) const;

 private:
  // What is wrong with a request, as JSON-RPC numbers it.
  struct Problem {
    int code = 0;
    std::string message;
  };
  using Outcome = std::expected<json::object, Problem>;

  Outcome result_of(const std::string& method, const json::object& parameters) const;
  json::object initialized(const json::object& parameters) const;
  json::object listed() const;
  Outcome called(const json::object& parameters) const;

  Parts parts_;
};

}  // namespace guard::cli
