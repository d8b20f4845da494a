// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/client_options.hpp"

#include "guard/base/file.hpp"
#include "guard/cli/command_context.hpp"
#include "guard/config/client_file.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

namespace fs = std::filesystem;

// Takes the path that the client file has under `key`, unless there is one.
Result<void> take(std::optional<fs::path>& path, const std::optional<fs::path>& from, const fs::path& file,
                  std::string_view key) {
  if (path || !from) return {};
  if (const auto text = read_file(*from); !text)
    return fail(ErrorCode::invalid, fmt::format("{}: `{}`: {}", file.string(), key, text.error().message));
  path = from;
  return {};
}

std::string_view without_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

// What a file says beside `server` is meant for that guard: no other one is shown its token.
bool is_about(const config::ClientFile& said, const client::Connection& connection) {
  return !said.server || !connection.server || without_slash(*said.server) == without_slash(*connection.server);
}

Result<void> complete(client::Connection& connection, const fs::path& file) {
  const auto loaded = config::load_client_file(file);
  if (!loaded.value) {
    auto problem = config::format(loaded.diagnostics);
    while (problem.ends_with('\n')) problem.pop_back();
    return fail(ErrorCode::invalid, std::move(problem));
  }
  const auto& said = *loaded.value;
  if (!is_about(said, connection)) {
    if (said.token_file && !connection.token_file)
      connection.not_shown = fmt::format("the token of {} is for {} alone", file.string(), *said.server);
    return {};
  }
  if (!connection.server) connection.server = said.server;
  if (auto taken = take(connection.token_file, said.token_file, file, "token_file"); !taken) return taken;
  if (auto taken = take(connection.ca_file, said.ca_file, file, "ca_file"); !taken) return taken;
  if (connection.cert_file) return {};
  if (auto taken = take(connection.cert_file, said.cert_file, file, "cert_file"); !taken) return taken;
  return take(connection.key_file, said.key_file, file, "key_file");
}

}  // namespace

Result<client::GuardApi> connect_to_guard(client::Connection connection, const CommandContext& context) {
  for (const auto& file : context.client_files) {
    // One that is there and cannot be read is no reason to ask another guard.
    std::error_code error;
    if (fs::symlink_status(file, error).type() == fs::file_type::not_found) continue;
    if (auto completed = complete(connection, file); !completed) return std::unexpected(completed.error());
  }
  return client::GuardApi::connect(connection, context.connect);
}

void add_connection_options(CLI::App& command, client::Connection& connection) {
  command.add_option("--server", connection.server, "Where the guard answers.")
      ->envname("RELEASE_GUARD_SERVER")
      ->default_str(client::default_server)
      ->type_name("URL");
  command.add_option("--token-file", connection.token_file, "A file with the token to show.")
      ->envname("RELEASE_GUARD_TOKEN_FILE")
      ->type_name("FILE");
  command.add_option("--ca-file", connection.ca_file, "The CA that signed the guard's certificate.")->type_name("FILE");
  auto* certificate = command.add_option("--cert-file", connection.cert_file,
                                         "A certificate to show, where the guard asks for one; with --key-file.");
  auto* key = command.add_option("--key-file", connection.key_file, "Its key.");
  certificate->type_name("FILE")->needs(key);
  key->type_name("FILE")->needs(certificate);
}

void add_which_release(CLI::App& command, client::WhichRelease& which) {
  auto* id = command.add_option("ID", which.id, "The release, by its id or the beginning of it.");
  auto* service = command.add_option("--service", which.service, "Instead of ID: the release of this service.");
  auto* environment = command.add_option("--environment", which.environment, "In this environment.")->needs(service);
  id->excludes(service)->excludes(environment);
  command.parse_complete_callback([&which] {
    if (which.id.empty() && which.service.empty()) throw CLI::RequiredError("ID or --service");
  });
}

}  // namespace guard::cli
