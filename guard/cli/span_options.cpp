// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/span_options.hpp"

#include "guard/cli/options.hpp"

namespace guard::cli {

void add_span_options(CLI::App& command, SpanOptions& options) {
  add_duration(command, "--since", options.since)
      ->description("How far back.")
      ->default_str(format_duration(options.since));
  command.add_option("--service", options.service, "Only of this service.");
  command.add_option("--environment", options.environment, "Only of this environment.");
}

client::Query query_of(const SpanOptions& options) {
  client::Query query{{"since", format_duration(options.since)}};
  if (!options.service.empty()) query.emplace_back("service", options.service);
  if (!options.environment.empty()) query.emplace_back("environment", options.environment);
  return query;
}

}  // namespace guard::cli
