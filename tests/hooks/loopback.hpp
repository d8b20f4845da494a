// SPDX-License-Identifier: Apache-2.0
//
// A deployment API on loopback that can be made to misbehave: it reads a whole request, then does what the test says
// with the bare connection. One thread of its own; the test's thread may look at what it has received.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace guard::test {

struct Received {
  std::string line;                            // "POST /rollback HTTP/1.1"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class Loopback {
 public:
  // What to do with the connection once a request is whole; the connection is closed after it.
  using Reaction = std::function<void(int connection)>;

  Loopback();
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Each request takes the next reaction; the last one stays.
  void react(std::vector<Reaction> reactions);
  std::vector<Received> received() const;

  static Reaction answer(const std::string& status, const std::string& headers = "", const std::string& body = "");
  static Reaction reset();    // RST, as a process that dies does
  static Reaction silence();  // keeps the connection until the other side gives up
  static Reaction trickle();  // a byte of an answer now and then
  static Reaction flood();    // a body far past any cap

 private:
  void serve();
  void handle(int connection);

  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::deque<Reaction> reactions_;
  std::vector<Received> received_;
  std::thread thread_;
};

}  // namespace guard::test
