// SPDX-License-Identifier: Apache-2.0
//
// The real program, built as this test is, serving in a folder of its own: under a sanitizer both are sanitized. The
// main thread only.
#pragma once

#include "guard/base/system_clock.hpp"
#include "guard/http/client.hpp"
#include "tests/support/folder.hpp"

#include <filesystem>
#include <functional>
#include <string>

#include <sys/types.h>

namespace guard::test {

class ServedGuard {
 public:
  // Writes configuration, rules and hook into a new folder.
  ServedGuard();
  ~ServedGuard();
  ServedGuard(const ServedGuard&) = delete;
  ServedGuard& operator=(const ServedGuard&) = delete;

  // Starts the program and waits until it listens; false if it ended first.
  bool start();
  // Asks it to end; its exit code, or minus the signal that ended it.
  int stop();
  // Its answer's body, or "HTTP status: body" where that is not 2xx.
  std::string ask(const std::string& method, const std::string& path, const std::string& body = "") const;
  std::string log() const;
  // How often the hook ran.
  long calls() const;

  // Looks until `condition` holds; false if it does not within half a minute.
  static bool eventually(const std::function<bool()>& condition);

 private:
  void write(const std::string& name, const std::string& text) const;
  std::string port() const;

  const Folder folder_;
  SystemClock clock_;
  pid_t pid_ = -1;
};

}  // namespace guard::test
