// SPDX-License-Identifier: Apache-2.0
//
// Everything outside that a command may touch, so that a test can give its own: streams, terminal, time, chance, the
// network, and what the running guard is made of. Used by the main thread only.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/random.hpp"
#include "guard/base/version.hpp"
#include "guard/client/guard_api.hpp"
#include "guard/client/retry.hpp"
#include "guard/config/settings.hpp"
#include "guard/metrics/metrics_source.hpp"
#include "guard/serve/rehearsal.hpp"
#include "guard/serve/serve.hpp"
#include "guard/serve/test_message.hpp"
#include "guard/trial/series_server.hpp"

#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace guard::cli {

// Output ends up in two places: results on `out`, everything about how the command fares on `err`.
struct CommandContext {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  Build build;                   // which program this is
  bool colour = false;           // `out` is a terminal and NO_COLOR is not set
  bool live_line = false;        // `err` is a terminal, where one line can be drawn again and again
  std::size_t columns = 80;      // of that terminal
  std::size_t text_columns = 0;  // at which text on `out` is wrapped; 0, as where it is no terminal: it is not
  const Clock* clock = nullptr;
  Random* random = nullptr;
  client::Waiter* waiter = nullptr;
  client::Connect connect;
  // What the options leave open of the way to a guard: the user's own client file, then that of the machine. One that
  // is not there is passed over.
  std::vector<std::filesystem::path> client_files;
  // Whether the guard could start with these settings: the one look at them that needs more than their text.
  std::function<Result<serve::Rehearsal>(const std::shared_ptr<const config::Settings>&)> try_out;
  // Tells receivers that this is a test; the URL is where people reach the guard.
  std::function<Result<std::vector<serve::TriedReceiver>>(const std::vector<config::ReceiverSettings>&,
                                                          const std::string&)>
      send_test_messages;
  // A metrics server to ask about the past.
  std::function<Result<std::shared_ptr<metrics::MetricsSource>>(const config::PrometheusSettings&)> metrics;
  // Starts this program as a Prometheus that holds nothing, for one test of rules.
  std::function<Result<std::unique_ptr<trial::SeriesServer>>(const std::string&)> start_prometheus;
  // Runs a command with variables beside the environment, and tells its exit code.
  std::function<Result<int>(const std::vector<std::string>&, const std::vector<std::string>&)> run_child;
  std::function<int(const serve::ServeOptions&)> serve;
  std::function<int(const std::filesystem::path&)> supervise_hook;
};

// How a command passes the time between two calls of a guard.
client::Pace pace_of(const CommandContext& context);

// What a machine has that is the same for all commands: standard streams, terminal, clock, signals, HTTP. What
// `serve` is made of is left for main to fill in. The result points to objects that live until the process ends.
CommandContext this_machine();

}  // namespace guard::cli
