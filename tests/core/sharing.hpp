// SPDX-License-Identifier: Apache-2.0
//
// A release with one rule on a share of events, whose counters are scraped and read as the test says.
#pragma once

#include "guard/core/judge.hpp"
#include "guard/core/share.hpp"
#include "tests/support/counters.hpp"

#include <functional>
#include <utility>

#include <gmock/gmock.h>

namespace guard::core {

using testing::HasSubstr;

class AShare : public testing::Test {
 protected:
  AShare() {
    change([](RuleGroup& group) {
      group.settle = Duration{0};
      group.rules[0] = share_rule();
    });
    watch_.phase = Phase::watching;
    watch_.rules[0].past.known = true;
    service_.scrape(1000, 0);
  }

  void change(const std::function<void(RuleGroup&)>& how) {
    auto group = std::make_shared<RuleGroup>(*watch_.group);
    how(*group);
    watch_.group = group;
  }
  void change_share(const std::function<void(Share&)>& how) {
    change([&](RuleGroup& group) { how(*group.rules[0].share); });
  }

  // The next scrape, read right after it.
  void pass(double requests, double failed, int times = 1) {
    for (int i = 0; i < times; ++i) {
      service_.scrape(requests, failed);
      read();
    }
  }
  void read() {
    const auto at = service_.now() + -interval + Duration(100ms);
    const auto range = counted_range(watch_, 0, at);
    const bool good = watch_.group->rules[0].share->part_is_good;
    const auto part = good ? service_.good() : service_.bad();
    read({in_range(service_.total(), at.wall, range), in_range(part, at.wall, range)}, at);
  }
  void read(const ShareAnswer& answer, Instant at) {
    auto reading = evaluate_share(watch_, 0, answer, at);
    came_and_went_ = reading.came_and_went;
    state().share = reading.state;
    JudgeContext context{interval, watch_.is_settling(at), watch_.paused};
    state() = judge(watch_.group->rules[0], std::move(state()), reading.evaluation, context);
  }
  RuleState& state() { return watch_.rules[0]; }
  const Evaluation& last() { return *state().last; }

  Watch watch_ = shop_watch();
  CountedService service_;
  bool came_and_went_ = false;
};

}  // namespace guard::core
