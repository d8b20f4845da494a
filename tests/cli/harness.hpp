// SPDX-License-Identifier: Apache-2.0
//
// The command line in a context of fakes: what it prints is kept, time passes only where it waits, and a function of
// the test answers in the guard's place.
#pragma once

#include "guard/cli/commands.hpp"
#include "tests/support/step_clock.hpp"

#include <deque>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace guard::test {

// Waits by stepping the clock, and remembers how long it was asked to.
class StepWaiter final : public client::Waiter {
 public:
  explicit StepWaiter(StepClock& clock) : clock_(&clock) {}
  bool wait(Duration time) override {
    waits.push_back(time);
    if (interrupt_at == waits.size()) return false;
    clock_->step(time);
    return true;
  }

  std::vector<Duration> waits;
  std::size_t interrupt_at = 0;  // the wait, counted from 1, that a signal cuts short; 0: none

 private:
  StepClock* clock_;
};

class CommandLine {
 public:
  CommandLine();

  // Runs `release-guard WORDS…` and returns its exit code.
  int run(std::vector<std::string> words);

  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  StepClock clock{{WallTime{std::chrono::seconds(1769860800)}, MonoTime{std::chrono::hours(1)}}};  // 2026-01-31 12:00
  StepWaiter waiter{clock};
  EvenRandom random{1, "made-up-"};
  cli::CommandContext context;
  std::vector<client::Connection> connections;
  std::vector<client::Request> requests;
  // Answers the request; the tests of commands that stay off the network leave it as it is, which fails them.
  client::Send guard;
  Result<serve::Rehearsal> tried;  // what trying out the settings comes to
  std::vector<serve::ServeOptions> served;
  std::vector<std::filesystem::path> supervised;

 private:
  std::ostringstream out_;
  std::ostringstream err_;
};

client::Response answer(int status, std::string body);
// A client::Send that gives these answers one after another, and the last one from then on.
client::Send answers(std::vector<Result<client::Response>> all);
Result<client::Response> nobody_answers();

// A release as the API answers it, in this phase.
std::string release_json(const std::string& phase);

}  // namespace guard::test
