// SPDX-License-Identifier: Apache-2.0
#include "guard/base/printable.hpp"
#include "guard/base/text.hpp"
#include "guard/cli/commands.hpp"
#include "guard/config/load.hpp"

#include <algorithm>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

using Receivers = std::vector<config::ReceiverSettings>;

struct NotifyOptions {
  std::string config_file = "release-guard.yml";
  std::string receiver;  // empty: all
};

constexpr auto notify_footer =
    "Sends a test message to `receivers` of the configuration file, as the guard would send it, and says what each of\n"
    "them answered. It needs no running guard. That the message arrived you see for yourself.\n"
    "Exit codes: 0 each took it, 1 one did not, or the configuration is wrong, 2 usage.\n"
    "Example: release-guard notify --config.file=/etc/release-guard/release-guard.yml --receiver incidents";

Result<Receivers> chosen(const config::Settings& settings, const std::string& name) {
  if (settings.receivers.empty()) return fail(ErrorCode::not_found, "the configuration has no `receivers`");
  if (name.empty()) return settings.receivers;
  Receivers out;
  std::vector<std::string_view> names;
  for (const auto& receiver : settings.receivers) {
    names.push_back(receiver.name);
    if (receiver.name == name) out.push_back(receiver);
  }
  if (!out.empty()) return out;
  const auto near = nearest_name(name, names);
  return fail(ErrorCode::not_found, fmt::format("no receiver is named \"{}\"{}", printable(name),
                                                near ? fmt::format("; did you mean {}?", *near) : ""));
}

int show(const std::vector<serve::TriedReceiver>& tried, CommandContext& context) {
  for (const auto& [name, problem] : tried)
    *context.out << fmt::format("{}: {}\n", name,
                                problem.empty() ? "took a test message; see that it arrived" : printable(problem));
  return std::ranges::all_of(tried, &std::string::empty, &serve::TriedReceiver::problem) ? exit_yes : exit_no;
}

int notify(const NotifyOptions& options, CommandContext& context) {
  const auto loaded = config::load_settings(options.config_file);
  if (!loaded.value) {
    *context.err << config::format(loaded.diagnostics);
    return exit_no;
  }
  const auto receivers = chosen(*loaded.value, options.receiver);
  if (!receivers) return complain(context, receivers.error());
  const auto tried = context.send_test_messages(*receivers, loaded.value->web_links.external_url);
  return tried ? show(*tried, context) : complain(context, tried.error());
}

}  // namespace

void add_notify(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("notify", "Send a test message to the receivers of the configuration.");
  const auto options = std::make_shared<NotifyOptions>();
  command.add_option("--config.file", options->config_file, "The configuration file.")
      ->type_name("FILE")
      ->capture_default_str();
  command.add_option("--receiver", options->receiver, "Only to this one.")->type_name("NAME");
  command.footer(notify_footer);
  choice.on(command, [options](CommandContext& context) { return notify(*options, context); });
}

}  // namespace guard::cli
