// SPDX-License-Identifier: Apache-2.0
//
// What the commands that judge the past share: the options that say which server, which time and which releases, and
// how they are read. Used by the main thread only.
#pragma once

#include "guard/cli/command_context.hpp"
#include "guard/report/backtest.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace guard::cli {

struct HistoryOptions {
  std::filesystem::path config_file;
  std::string prometheus_url;
  std::optional<WallTime> from;
  std::optional<WallTime> to;
  Duration last = std::chrono::hours(30 * 24);
  std::string service;
  std::string environment;
};

// Adds --prometheus.url, --config.file, --from, --to, --last, --service and --environment.
void add_history_options(CLI::App& command, HistoryOptions& options);

// A server with a past, and the part of it that is asked for.
struct OpenHistory {
  std::shared_ptr<metrics::MetricsSource> metrics;
  std::shared_ptr<const config::Settings> settings;  // nullptr: no configuration file was named
  std::string server;                                // as messages name it
  WallTime from{};
  WallTime to{};
  Duration deadline{0};
};
// Asks it once whether it answers. Fails with words for a person.
Result<OpenHistory> open_history(const HistoryOptions& options, const CommandContext& context);

// Where the releases are known from, if not from the metrics by what is usual.
struct ReleaseSource {
  std::filesystem::path file;  // "-": standard input
  std::string marker;          // PromQL that marks deployments
  bool from_guard = false;
  client::Connection connection;  // to that guard
};

// Adds --releases, --deploys, --from-guard and what a connection to a guard takes.
void add_release_source(CLI::App& command, ReleaseSource& source);

using Groups = std::vector<model::RuleGroupPtr>;

// All of them; `history` and `groups` say which of those in the metrics are releases.
Result<std::vector<replay::Release>> releases_of(const ReleaseSource& source, const OpenHistory& history,
                                                 const Groups& groups, const CommandContext& context);

// Those of the service and environment that are asked for, within the time.
std::vector<replay::Release> chosen(std::vector<replay::Release> releases, const HistoryOptions& options,
                                    const OpenHistory& history);

// Fails with all that is wrong with them; their warnings are for `check` to tell.
Result<Groups> read_rules(const std::vector<std::filesystem::path>& files);

// "a.yml, b.yml"
std::string names_of(const std::vector<std::filesystem::path>& files);

// All of the plan, with a bar of progress. Rules on signals are left out where no signal of the releases is known:
// they would leave each of them unverified.
report::Side judge(const std::string& name, const replay::Plan& plan, const OpenHistory& history,
                   CommandContext& context);

// What nobody may take for more than it is.
std::vector<std::string> what_is_not_known(const replay::Plan& plan);

}  // namespace guard::cli
