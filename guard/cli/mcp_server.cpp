// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/mcp_server.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace guard::cli {
namespace {

constexpr int parse_error = -32700;
constexpr int invalid_request = -32600;
constexpr int no_such_method = -32601;
constexpr int invalid_parameters = -32602;

// The newest first; what a client asks for of these it gets.
// Those between had batches of messages.
constexpr std::array<std::string_view, 2> protocols{"2025-06-18", "2024-11-05"};

constexpr auto instructions =
    "Release Guard watches releases by objectives in PromQL and rolls back those that break them. These tools only "
    "look: none of them announces, approves, rolls back or changes anything. Times are UTC.";

std::string error_message(const json::value& id, int code, std::string_view message) {
  return json::serialize(
      json::object{{"jsonrpc", "2.0"}, {"id", id}, {"error", json::object{{"code", code}, {"message", message}}}});
}

// A member that is text, or empty.
std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

const json::object& object_of(const json::object& object, std::string_view key) {
  static const json::object nothing;
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : nothing;
}

}  // namespace

std::optional<std::string> McpServer::answer(std::string_view line) const {
  const auto parsed = parse_json(line);
  if (!parsed) return error_message(nullptr, parse_error, parsed.error().message);
  const auto* message = parsed->if_object();
  const auto method = message == nullptr ? std::string() : text_of(*message, "method");
  const auto* id = message == nullptr ? nullptr : message->if_contains("id");
  const bool is_answer = message != nullptr && (message->contains("result") || message->contains("error"));
  if (is_answer && method.empty()) return std::nullopt;
  if (method.empty()) return error_message(id == nullptr ? json::value() : *id, invalid_request, "this is no request");
  if (id == nullptr) return std::nullopt;  // a notification
  const auto result = result_of(method, object_of(*message, "params"));
  if (!result) return error_message(*id, result.error().code, result.error().message);
  return json::serialize(json::object{{"jsonrpc", "2.0"}, {"id", *id}, {"result", *result}});
}

McpServer::Outcome McpServer::result_of(const std::string& method, const json::object& parameters) const {
  if (method == "initialize") return initialized(parameters);
  if (method == "ping") return json::object();
  if (method == "tools/list") return listed();
  if (method == "tools/call") return called(parameters);
  return std::unexpected(Problem{no_such_method, fmt::format("there is no method \"{}\"", method)});
}

json::object McpServer::initialized(const json::object& parameters) const {
  const auto asked = text_of(parameters, "protocolVersion");
  const bool known = std::ranges::find(protocols, asked) != protocols.end();
  return {
      {"protocolVersion", known ? std::string_view(asked) : protocols.front()},
      {"capabilities", json::object{{"tools", json::object()}}},
      {"serverInfo", json::object{{"name", "release-guard"}, {"title", "Release Guard"}, {"version", parts_.version}}},
      {"instructions", instructions}};
}

json::object McpServer::listed() const {
  json::array tools;
  for (const auto& tool : parts_.tools)
    tools.push_back(json::object{{"name", tool.name},
                                 {"description", tool.description},
                                 {"inputSchema", tool.input_schema},
                                 {"annotations", json::object{{"readOnlyHint", true}, {"openWorldHint", false}}}});
  return {{"tools", std::move(tools)}};
}

McpServer::Outcome McpServer::called(const json::object& parameters) const {
  const auto name = text_of(parameters, "name");
  if (std::ranges::find(parts_.tools, name, &McpTool::name) == parts_.tools.end())
    return std::unexpected(Problem{invalid_parameters, fmt::format("there is no tool \"{}\"", name)});
  const auto* arguments = parameters.if_contains("arguments");
  if (arguments != nullptr && !arguments->is_object())
    return std::unexpected(Problem{invalid_parameters, "\"arguments\" must be an object"});
  const auto result = parts_.call(name, object_of(parameters, "arguments"));
  return json::object{{"content", json::array{json::object{{"type", "text"}, {"text", result.text}}}},
                      {"isError", result.failed}};
}

}  // namespace guard::cli
