// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/command_context.hpp"

#include "guard/base/system_clock.hpp"
#include "guard/cli/child_process.hpp"
#include "guard/trial/throwaway_prometheus.hpp"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <unistd.h>

#include <sys/ioctl.h>

namespace guard::cli {
namespace {

// https://no-color.org: present and not empty, whatever its value.
bool colour_wanted() {
  const auto* no_color = std::getenv("NO_COLOR");
  const auto* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  return (no_color == nullptr || *no_color == '\0') && !dumb;
}

// Of the terminal at `descriptor`; `otherwise` where it is none.
std::size_t terminal_columns(int descriptor, std::size_t otherwise) {
  winsize size{};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : otherwise;
}

const Clock& machine_clock() {
  static const SystemClock clock;
  return clock;
}

client::Waiter& machine_waiter() {
  static client::SignalWaiter waiter;
  return waiter;
}

// By the XDG Base Directory Specification, which ignores a path that is not absolute.
std::optional<std::filesystem::path> absolute_in(const char* variable) {
  const auto* value = std::getenv(variable);
  if (value == nullptr || *value != '/') return std::nullopt;
  return std::filesystem::path(value);
}

std::vector<std::filesystem::path> client_files() {
  const auto name = std::filesystem::path("release-guard") / "config.yml";
  std::vector<std::filesystem::path> out;
  if (const auto own = absolute_in("XDG_CONFIG_HOME"))
    out.push_back(*own / name);
  else if (const auto home = absolute_in("HOME"))
    out.push_back(*home / ".config" / name);
  out.push_back("/etc/xdg" / name);
  return out;
}

}  // namespace

client::Pace pace_of(const CommandContext& context) {
  return {context.clock, context.random, context.waiter};
}

CommandContext this_machine() {
  static SystemRandom random;
  CommandContext context;
  context.in = &std::cin;
  context.out = &std::cout;
  context.err = &std::cerr;
  context.colour = ::isatty(STDOUT_FILENO) == 1 && colour_wanted();
  context.live_line = ::isatty(STDERR_FILENO) == 1;
  context.columns = terminal_columns(STDERR_FILENO, context.columns);
  context.text_columns = terminal_columns(STDOUT_FILENO, context.text_columns);
  context.clock = &machine_clock();
  context.random = &random;
  context.waiter = &machine_waiter();
  context.client_files = client_files();
  context.run_child = run_child;
  context.connect = [](const client::Connection& connection) { return client::connect(connection, machine_clock()); };
  context.start_prometheus = [](const std::string& program) {
    return trial::start_prometheus(
        {program, &machine_clock(), [](Duration time) { return machine_waiter().wait(time); }});
  };
  return context;
}

}  // namespace guard::cli
