// SPDX-License-Identifier: Apache-2.0
//
// A well-behaved HTTP server on a loopback port, for tests of what asks one: answers as a function says, and keeps what
// it was asked. Safe from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guard::test {

struct Asked {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // as they were written
  std::string body;
};

struct Answered {
  int status = 200;
  std::string body;
};

class FakeServer {
 public:
  explicit FakeServer(std::function<Answered(const Asked&)> answer);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::string url() const;
  std::vector<Asked> asked() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace guard::test
