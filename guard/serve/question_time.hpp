// SPDX-License-Identifier: Apache-2.0
//
// How long questions about rules may go on where somebody waits for what they tell. Safe from any thread.
#pragma once

#include "guard/base/clock.hpp"

#include <algorithm>
#include <optional>

namespace guard::serve {

class QuestionTime {
 public:
  // Without `until` they go on for as long as each of them may take.
  explicit QuestionTime(const Clock& clock, std::optional<MonoTime> until = std::nullopt)
      : clock_(clock), until_(until) {}

  Instant now() const { return clock_.now(); }
  bool is_over() const { return until_ && clock_.now().mono >= *until_; }
  // The time that one question may have, which would have `usual`.
  Duration at_most(Duration usual) const {
    return until_ ? std::clamp(Duration(*until_ - clock_.now().mono), Duration{1}, usual) : usual;
  }

 private:
  const Clock& clock_;
  std::optional<MonoTime> until_;
};

// Why the rest was not asked.
inline constexpr const char* out_of_time = "the time for questions to the server was over before all were asked";

}  // namespace guard::serve
