// SPDX-License-Identifier: Apache-2.0
//
// How a command that waits shows that it is alive: on a terminal one line drawn again and again, elsewhere a line
// when something changed and one a minute. Used by the main thread only.
#pragma once

#include "guard/cli/command_context.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace guard::cli {

class Progress {
 public:
  explicit Progress(CommandContext& context) : context_(&context) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // How things stand. `key` is what counts as a change: where it stays the same, the line is printed once a minute.
  void show(const std::string& line, const std::string& key);
  // How many of `all` releases are done, as a bar, with how long the rest takes if it goes on like that. `what` says of
  // what they are, where there is room; another `what` begins anew.
  void show_done(std::size_t done, std::size_t all, const std::string& what);
  // A line that stays, above the one that is drawn again and again.
  void say(const std::string& line);
  // Takes the line drawn last off the terminal, so that what is printed next stands alone.
  void clear();

 private:
  CommandContext* context_;
  bool drawn_ = false;
  std::string key_;
  std::optional<MonoTime> printed_at_;
  std::string counted_;
  MonoTime counted_from_{};
};

}  // namespace guard::cli
