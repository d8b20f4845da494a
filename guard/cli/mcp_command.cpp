// SPDX-License-Identifier: Apache-2.0
#include "guard/base/text.hpp"
#include "guard/cli/client_options.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/mcp_server.hpp"
#include "guard/cli/mcp_tools.hpp"

#include <array>
#include <filesystem>
#include <istream>
#include <memory>
#include <sstream>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

// The commands that tools are made of; of those that also act, a tool names only one that looks.
constexpr std::array looking{CommandGroup{add_release}, CommandGroup{add_report}, CommandGroup{add_figures},
                             CommandGroup{add_gate},    CommandGroup{add_freeze}, CommandGroup{add_check},
                             CommandGroup{add_backtest}};

// More is of no use to who reads it, and a history may be long.
constexpr std::size_t longest_text = 200'000;

struct McpOptions {
  client::Connection connection;
  std::string prometheus_url;
  std::filesystem::path folder = ".";
};

McpSources sources_of(const McpOptions& options) {
  McpSources out;
  const auto& guard = options.connection;
  if (guard.server) out.guard.push_back("--server=" + *guard.server);
  if (guard.token_file) out.guard.push_back("--token-file=" + guard.token_file->string());
  if (guard.ca_file) out.guard.push_back("--ca-file=" + guard.ca_file->string());
  if (guard.cert_file) out.guard.push_back("--cert-file=" + guard.cert_file->string());
  if (guard.key_file) out.guard.push_back("--key-file=" + guard.key_file->string());
  if (!options.prometheus_url.empty()) out.metrics.push_back("--prometheus.url=" + options.prometheus_url);
  out.folder = options.folder;
  return out;
}

McpResult run(const std::vector<std::string>& words, const CommandContext& context) {
  std::ostringstream out;
  std::ostringstream err;
  auto quiet = context;
  quiet.out = &out;
  quiet.err = &err;
  quiet.colour = quiet.live_line = false;
  quiet.text_columns = 0;
  const int code = run_program(looking, words, quiet);
  auto text = out.str() + err.str();
  if (text.size() > longest_text) text = shorten(text, longest_text) + "\n(cut here)";
  // "No" is an answer as well; only what could not be asked is a failure.
  return {std::move(text), code == exit_usage || code == exit_not_known || (code == exit_no && out.str().empty())};
}

int serve_mcp(const McpOptions& options, CommandContext& context) {
  const auto sources = sources_of(options);
  const McpServer server(
      {context.build.version, mcp_tools(), [&](const std::string& tool, const json::object& arguments) -> McpResult {
         const auto words = command_line_of(tool, arguments, sources);
         return words ? run(*words, context) : McpResult{words.error().message, true};
       }});
  for (std::string line; std::getline(*context.in, line);) {
    const auto message = trim(line);
    if (message.empty()) continue;
    if (const auto answer = server.answer(message)) *context.out << *answer << '\n' << std::flush;
  }
  return exit_yes;
}

}  // namespace

void add_mcp(CLI::App& program, Choice& choice) {
  auto& command =
      *program.add_subcommand("mcp", "Let an assistant look at releases and rules (Model Context Protocol).");
  const auto options = std::make_shared<McpOptions>();
  add_connection_options(command, options->connection);
  auto* url =
      command.add_option("--prometheus.url", options->prometheus_url, "A Prometheus to check and judge rules by.");
  url->type_name("URL");
  command.add_option("--folder", options->folder, "Rule files are read from here and below, and from nowhere else.")
      ->type_name("FOLDER")
      ->capture_default_str();
  command.footer(
      "Speaks on standard input and output, until the input ends. Its tools only look: they list and explain releases, "
      "make\n"
      "reports and figures, ask the gate, check rule files and judge past releases by them. A token of role read is "
      "enough.\n"
      "Exit codes: 0 the input has ended, 2 usage.\n"
      "Example, for a client's configuration:\n"
      "  {\"mcpServers\": {\"release-guard\": {\"command\": \"release-guard\", \"args\": [\"mcp\", \"--token-file\", "
      "\"reader.token\"]}}}");
  choice.on(command, [options](CommandContext& context) { return serve_mcp(*options, context); });
}

}  // namespace guard::cli
