// SPDX-License-Identifier: Apache-2.0
#include "guard/base/route_prefix.hpp"
#include "guard/base/socket_address.hpp"
#include "guard/cli/commands.hpp"
#include "guard/cli/options.hpp"
#include "guard/serve/serve.hpp"

#include <map>
#include <memory>
#include <string>

#include <CLI/App.hpp>

namespace guard::cli {
namespace {

constexpr auto footer =
    "Exit codes: 0 ended in order after SIGTERM or SIGINT, 1 could not start or go on, 2 usage.\n"
    "SIGHUP reads the configuration again; releases that are watched keep the rules they started with.\n"
    "Example: release-guard serve --config.file=/etc/release-guard/release-guard.yml \\\n"
    "           --storage.path=/var/lib/release-guard";

// Once for each of several.
void take_addresses(const std::vector<std::string>& texts, std::vector<std::string>& addresses) {
  for (const auto& text : texts)
    if (const auto address = parse_socket_address(text); !address)
      throw CLI::ValidationError("--web.listen-address", address.error().message);
  addresses = texts;
}

void add_web(CLI::App& command, serve::ServeOptions& options) {
  auto* addresses = command.add_option_function<std::vector<std::string>>(
      "--web.listen-address", [&options](const auto& texts) { take_addresses(texts, options.listen_addresses); });
  addresses
      ->description(
          "Where to listen, as HOST:PORT; may be given several times. Without it sockets that systemd passes on "
          "(systemd.socket(5)) go before the default.")
      ->default_str(serve::default_address)
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command
      .add_flag("--web.systemd-socket", options.systemd_socket, "Do not start without a socket that systemd passes on.")
      ->excludes(addresses);
  command
      .add_option("--web.config.file", options.web_config_file,
                  "A file with TLS, users and their passwords, as Prometheus takes it.")
      ->type_name("FILE");
  add_parsed(command, "--web.route-prefix", options.route_prefix, parse_route_prefix)
      ->description("The path under which everything is that the guard serves.")
      ->default_str("/")
      ->type_name("PATH");
}

// As it was given, several with commas between.
std::string value_of(const CLI::Option& option) {
  if (option.count() == 0) return option.get_default_str();
  std::string out;
  for (const auto& given : option.results()) out += (out.empty() ? "" : ",") + given;
  return out;
}

// Every option with the value that it has.
std::map<std::string, std::string> flags_of(const CLI::App& command) {
  std::map<std::string, std::string> out;
  for (const auto* option : command.get_options()) {
    if (option->get_lnames().empty() || option == command.get_help_ptr()) continue;
    out[option->get_lnames().front()] = value_of(*option);
  }
  return out;
}

}  // namespace

void add_serve(CLI::App& program, Choice& choice) {
  auto& command = *program.add_subcommand("serve", "Run the guard.");
  const auto options = std::make_shared<serve::ServeOptions>(
      serve::ServeOptions{"release-guard.yml", {}, "./data", std::chrono::hours(24 * 90)});
  command.add_option("--config.file", options->config_file, "The configuration file.")
      ->capture_default_str()
      ->type_name("FILE");
  add_web(command, *options);
  command.add_option("--storage.path", options->storage_path, "The folder of the journal.")
      ->capture_default_str()
      ->type_name("FOLDER");
  add_duration(command, "--storage.retention", options->retention)
      ->description("How long a release is kept after it ended.")
      ->default_str("90d");
  add_choice<LogLevel>(command, "--log.level", options->log_level)
      ->description("The least important lines that are written.")
      ->default_str("info");
  add_choice<LogFormat>(command, "--log.format", options->log_format)
      ->description("How lines are written.")
      ->default_str("logfmt");
  command.footer(footer);
  choice.on(command, [options, &command](CommandContext& context) {
    options->build = context.build;
    options->flags = flags_of(command);
    return context.serve(*options);
  });
}

}  // namespace guard::cli
