// SPDX-License-Identifier: Apache-2.0
//
// Which stories are told, and what each judge made of each of them.
#pragma once

#include "guard/base/enum_names.hpp"
#include "tests/decisions/judge.hpp"

#include <cstdint>
#include <vector>

namespace guard::decisions {

struct Corpus {
  std::vector<sim::Plan> mixed;      // as many of each kind
  std::vector<sim::Plan> unchanged;  // watches in which nothing happens, as many of each traffic class
  std::vector<sim::Plan> sixty_percent_of_five_a_minute;
  std::vector<sim::Plan> three_percent_at_ten_a_second;
};

struct Sizes {
  std::uint64_t seed = 1;
  std::uint64_t of_kind = 60;
  std::uint64_t unchanged_of_class = 1300;  // none false of so many bounds the share below 0.3%
};
Corpus draw_corpus(const Sizes& sizes);

// A plan with the verdict of each judge, in the order of the judges.
struct Trial {
  sim::Plan plan;
  std::vector<std::optional<Duration>> rolled_back;
};
using Trials = std::vector<Trial>;

// Tells each story once and asks every judge; on all processors, in the order of the plans.
Trials hold(const std::vector<sim::Plan>& plans, const Judges& judges);

// What a verdict is, compared with the label.
enum class Call { in_time, late, missed, kept, false_rollback };
Call call_of(const sim::Plan& plan, std::optional<Duration> rolled_back);

}  // namespace guard::decisions

namespace guard {

template <>
struct EnumNames<decisions::Call> {
  using C = decisions::Call;
  static constexpr std::array table{EnumName<C>{C::in_time, "in_time"}, EnumName<C>{C::late, "late"},
                                    EnumName<C>{C::missed, "missed"}, EnumName<C>{C::kept, "kept"},
                                    EnumName<C>{C::false_rollback, "false_rollback"}};
};

}  // namespace guard
