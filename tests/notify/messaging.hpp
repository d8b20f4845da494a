// SPDX-License-Identifier: Apache-2.0
//
// A guard that tells receivers over time, on a journal that survives it: its clock is stepped to whatever is next.
#pragma once

#include "guard/notify/messenger.hpp"
#include "tests/engine/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::test {

using namespace std::chrono_literals;
using alerts::OwnAlert;
using alerts::ToldAlert;
using engine::Lane;
using receivers::Failure;
using receivers::FailureReason;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A channel: what was posted there, whether or not the guard heard that it was.
class Channel final : public receivers::Receiver {
 public:
  explicit Channel(const std::string& name, config::ReceiverKind kind = config::ReceiverKind::slack) {
    settings_.name = name;
    settings_.kind = kind;
    settings_.repeat_interval = 4h;
  }
  const config::ReceiverSettings& settings() const override { return settings_; }
  std::optional<Failure> deliver(const receivers::Message& message) override {
    ++calls;
    keys.push_back(message.key);
    const auto name = message.alert.labels.at("alertname");
    const auto found = failures.find(name);
    const auto failure = found == failures.end() ? answer : std::optional(found->second);
    if (!failure || failure->may_have_arrived)
      posted.push_back(name + (message.over ? " over" : "") + (message.told_before ? " again" : ""));
    return failure;
  }

  std::vector<std::string> posted;
  std::vector<std::string> keys;
  int calls = 0;
  std::optional<Failure> answer;            // to all
  std::map<std::string, Failure> failures;  // to those of one alert

 private:
  config::ReceiverSettings settings_;
};

inline Failure away() {
  return {FailureReason::other, "connection refused", false, false, {}};
}
inline Failure lost() {
  return {FailureReason::deadline, "no answer within 10s", false, true, {}};
}
inline Failure refused() {
  return {FailureReason::client_error, "HTTP 400: invalid_payload", true, false, {}};
}

inline OwnAlert alert(const std::string& name) {
  return {{{"alertname", name}, {"severity", "critical"}}, {{"summary", "text"}}, WallTime{}, ""};
}
inline const std::string asks = "ReleaseGuardAwaitingApproval";
inline const std::string passed = "ReleaseGuardReleasePassed";

// A journal as the messenger sees it, which can be full, and one that never answers.
class Messaging : public testing::Test {
 protected:
  Messaging() { start(); }

  // A guard on the same journal, as after kill -9: what was under way is never heard of.
  void start() {
    messenger.emplace(notify::Messenger::Parts{
        *executor, telemetry, clock, random, log, [this] { return firing; },
        [this](ToldAlert told, std::function<void(bool)> done) { keep(std::move(told), std::move(done)); }, [] {}});
    messenger->restore(journal->load()->told);
    messenger->set_receivers(receivers);
  }
  void die() {
    messenger.reset();
    executor = std::make_unique<QueueExecutor>();
  }
  void keep(ToldAlert told, std::function<void(bool)> done) {
    if (executor->waiting(Lane::message) > 0) sent_before_it_was_kept = true;
    if (journal_hangs) return;
    store::Batch batch;
    if (told.state == alerts::ToldState::ended)
      batch.untold = {{told.receiver, told.alert.labels}};
    else
      batch.told = {std::move(told)};
    done(journal->commit(batch).has_value());
  }

  void run(Duration time) {
    const auto end = clock.now().mono + time;
    for (;;) {
      const auto next = messenger->tick();
      if (executor->waiting(Lane::message) > 0 && !held) {
        executor->settle();
        continue;
      }
      if (next > end) break;
      clock.step(std::max(Duration{1}, next - clock.now().mono));
    }
    clock.step(end - clock.now().mono);
  }

  StepClock clock;
  EvenRandom random;
  std::vector<std::string> lines;
  Log log{clock, LogLevel::info, LogFormat::logfmt, [this](std::string_view line) { lines.emplace_back(line); }};
  std::unique_ptr<QueueExecutor> executor = std::make_unique<QueueExecutor>();
  CountingTelemetry telemetry;
  Disk disk;
  std::unique_ptr<store::Store> journal = std::make_unique<MemoryStore>(disk);
  bool journal_hangs = false;
  bool sent_before_it_was_kept = false;
  std::vector<OwnAlert> firing;
  std::shared_ptr<Channel> channel = std::make_shared<Channel>("incidents");
  std::shared_ptr<Channel> other = std::make_shared<Channel>("deployments");
  std::vector<receivers::ReceiverPtr> receivers{channel, other};
  std::optional<notify::Messenger> messenger;
  bool held = false;
};

}  // namespace guard::test
