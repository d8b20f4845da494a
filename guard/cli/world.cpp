// SPDX-License-Identifier: Apache-2.0
#include "guard/cli/world.hpp"

#include "guard/base/system_clock.hpp"

#include <cstdlib>
#include <iostream>
#include <memory>
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

Result<Send> connect(http::ClientSettings settings) {
  auto client = http::Client::make(std::move(settings), machine_clock());
  if (!client) return std::unexpected(client.error());
  auto shared = std::make_shared<http::Client>(std::move(*client));
  return Send([shared](const http::Request& request) { return shared->send(request); });
}

}  // namespace

World this_machine() {
  static SystemRandom random;
  static SignalWaiter waiter;
  World world;
  world.out = &std::cout;
  world.err = &std::cerr;
  world.colour = ::isatty(STDOUT_FILENO) == 1 && colour_wanted();
  world.live_line = ::isatty(STDERR_FILENO) == 1;
  world.columns = terminal_columns(STDERR_FILENO, world.columns);
  world.text_columns = terminal_columns(STDOUT_FILENO, world.text_columns);
  world.clock = &machine_clock();
  world.random = &random;
  world.waiter = &waiter;
  world.connect = connect;
  return world;
}

}  // namespace guard::cli
