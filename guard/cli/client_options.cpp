// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/client_options.hpp"

#include <CLI/App.hpp>

namespace guard::cli {

void add_connection_options(CLI::App& command, client::Connection& connection) {
  command.add_option("--server", connection.server, "Where the guard answers.")
      ->envname("RELEASE_GUARD_SERVER")
      ->capture_default_str()
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
