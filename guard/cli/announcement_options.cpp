// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/announcement_options.hpp"

#include "guard/cli/options.hpp"

#include <cstdlib>
#include <vector>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace guard::cli {
namespace {

constexpr const char* run_url = "RELEASE_GUARD_RUN_URL";

void add_label(AnnouncementOptions& options, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw CLI::ValidationError("--label", fmt::format("\"{}\" is no label; write NAME=VALUE", text));
  options.labels[text.substr(0, equals)] = text.substr(equals + 1);
}

}  // namespace

void add_announcement_options(CLI::App& command, AnnouncementOptions& options) {
  command.add_option("--service", options.service, "The service that is released.")->required();
  command.add_option("--environment", options.environment, "Where it is released to.")->required();
  command.add_option("--version", options.version, "What is released.")->required();
  command.add_option(
      "--previous-version", options.previous_version,
      "What ran before and is rolled back to; '' if there is nothing to go back to. If not given it is what the "
      "guard knows to be live there.");
  add_choice<model::ReleaseKind>(command, "--kind", options.kind)
      ->description("What kind of release it is; feature if not given.");
  command.add_option("--id", options.id, "Its id; made up if not given.");
  command
      .add_option_function<std::vector<std::string>>(
          "--label",
          [&options](const std::vector<std::string>& labels) {
            for (const auto& label : labels) add_label(options, label);
          },
          "A label for matchers and templates; may be repeated.")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
}

json::object announcement_of(const AnnouncementOptions& options) {
  json::object body{{"id", options.id},
                    {"service", options.service},
                    {"environment", options.environment},
                    {"version", options.version}};
  if (options.previous_version) body["previous_version"] = *options.previous_version;
  if (options.kind) body["kind"] = to_string(*options.kind);
  auto labels = options.labels;
  if (const char* url = std::getenv(run_url); url != nullptr && *url != '\0') labels.emplace("run", url);
  if (labels.empty()) return body;
  auto& out = body["labels"].emplace_object();
  for (const auto& [name, value] : labels) out[name] = value;
  return body;
}

}  // namespace guard::cli
