// SPDX-License-Identifier: Apache-2.0
//
// A program that runs beside this one and ends with it, whatever happens. Single-threaded use.
#pragma once

#include "guard/base/error.hpp"

#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace guard::trial {

// Keeps SIGINT and SIGTERM back while it lives; those that nobody has taken by then strike when it ends.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  sigset_t before_{};
};

class ChildProcess {
 public:
  // The exit code of one that could not be run at all.
  static constexpr int not_run = 127;

  // argv[0] is looked for in PATH where it holds no slash; what it writes goes to the file `log`.
  ChildProcess(const std::vector<std::string>& argv, const std::filesystem::path& log);
  // Kills it: what it holds is thrown away.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // How it ended: an exit code, or not_run where that cannot be told; nothing while it runs.
  std::optional<int> ended();

 private:
  pid_t pid_ = -1;
  std::optional<int> code_;
};

}  // namespace guard::trial
