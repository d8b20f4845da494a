// SPDX-License-Identifier: Apache-2.0
//
// What the guard would have made of a release of the past, had it stood beside it. Values.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/model/watch.hpp"
#include "guard/replay/release.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guard::replay {

// What would have become of it, the gravest first.
enum class Ending {
  rolled_back,
  asked,     // a person would have been asked
  held,      // broken, and something held the rollback back
  breached,  // broken, and over before anything could have been done
  warned,    // it would have passed, with a warning
  passed,
  unverified,
  superseded,  // another release took its place before the window ended
  cut_short    // the recorded time ends before its window does
};

// One reading that gave a value.
struct Point {
  WallTime at{};
  double value = 0;
  std::optional<double> bound;
  std::optional<double> baseline;
};

// One rule over the whole watch.
struct RuleCourse {
  std::size_t readings = 0;
  std::size_t breaches = 0;  // of them
  std::size_t no_data = 0;
  std::size_t errors = 0;
  std::string first_error;      // in words
  std::optional<double> worst;  // furthest to the bad side of the objective, of those that counted
  std::optional<double> bound;  // the objective then
  std::optional<WallTime> worst_at;
  double progress = 0;                  // of a share: how near to a breach it came, from 0 to 1
  std::optional<WallTime> breached_at;  // its verdict was a breach, first at this time
  std::string detail;                   // in words, of that moment
};

// What would have been done.
struct Conclusion {
  model::Decision decision;
  std::size_t rule = 0;
};

struct Course {
  Release release;
  model::Watch watch;  // as it ended, where nothing was done
  Ending ending = Ending::unverified;
  std::vector<Conclusion> conclusions;   // in order of time
  std::optional<WallTime> recovered_at;  // since then the objective behind the gravest of them has held
  std::vector<RuleCourse> rules;         // as many as the group has
  std::string reason;                    // of the end, in words
};

// The conclusion that the ending rests on, or nullptr.
const Conclusion* gravest(const Course& course);

}  // namespace guard::replay

namespace guard {

template <>
struct EnumNames<replay::Ending> {
  using E = replay::Ending;
  static constexpr std::array table{EnumName<E>{E::rolled_back, "rolled_back"},
                                    EnumName<E>{E::asked, "asked"},
                                    EnumName<E>{E::held, "held"},
                                    EnumName<E>{E::breached, "breached"},
                                    EnumName<E>{E::warned, "warned"},
                                    EnumName<E>{E::passed, "passed"},
                                    EnumName<E>{E::unverified, "unverified"},
                                    EnumName<E>{E::superseded, "superseded"},
                                    EnumName<E>{E::cut_short, "cut_short"}};
};

}  // namespace guard
