// SPDX-License-Identifier: Apache-2.0
//
// Time that passes only as a test steps it, and chance that a test knows before. One thread.
#pragma once

#include "guard/base/clock.hpp"
#include "guard/base/random.hpp"

#include <string>
#include <utility>

namespace guard::test {

class StepClock final : public Clock {
 public:
  StepClock() = default;
  explicit StepClock(Instant begin) : now_(begin) {}

  Instant now() const override { return now_; }
  const std::string& boot_id() const override { return boot_; }
  void step(Duration by) { now_ = now_ + by; }
  void set_wall(Duration by) { now_.wall += by; }
  void reboot(Duration down) {
    now_ = {now_.wall + down, MonoTime{std::chrono::seconds(5)}};
    boot_ += "+";
  }
  // As where every boot has one name, or none.
  void reboot_unnamed(Duration down) { now_ = {now_.wall + down, MonoTime{std::chrono::seconds(5)}}; }

 private:
  Instant now_{WallTime{std::chrono::hours(500000)}, MonoTime{std::chrono::hours(100)}};
  std::string boot_ = "boot";
};

// Always the same number, and ids that are counted.
class EvenRandom final : public Random {
 public:
  EvenRandom() = default;
  EvenRandom(double number, std::string prefix) : number_(number), prefix_(std::move(prefix)) {}

  double uniform() override { return number_; }
  std::string id() override { return prefix_ + std::to_string(++count_); }

 private:
  double number_ = 0.5;
  std::string prefix_ = "id";
  int count_ = 0;
};

}  // namespace guard::test
