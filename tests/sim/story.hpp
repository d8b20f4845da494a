// SPDX-License-Identifier: Apache-2.0
//
// A story of a release: what was planned to happen, what a judge should make of it, and the samples a Prometheus would
// have stored of it. Values; safe from any thread as long as each has one owner.
#pragma once

#include "guard/base/enum_names.hpp"
#include "guard/base/time.hpp"
#include "guard/model/matcher.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace guard::sim {

// Every story is watched this long after live, and told from this long before on: the longest range any judge asks
// for, six hours, is whole at live.
inline constexpr Duration window = std::chrono::hours(2);
inline constexpr Duration history = std::chrono::hours(6);
// The same hours of the week before are told from an hour before live on, for who compares with them.
inline constexpr Duration a_week = std::chrono::weeks(1);
inline constexpr Duration week_history = std::chrono::hours(1);

// What every judge is told to hold: less than 1% of the requests fail; less than 5% take longer than a second.
inline constexpr double most_failing = 0.01;
inline constexpr double most_slow = 0.05;

enum class Kind {
  unchanged,
  outage,
  failing_50,
  failing_20,
  failing_10,
  failing_5,
  failing_3,
  failing_2,
  failing_later,
  slowness,
  death,
  lost_share,
  lost_traffic,
  failover_again,
  one_bad_scrape,
  failover,
  burst,
  older_incident,
  older_incident_ends,
  neighbour_incident,
  shared_incident,
  evening,
  quiet_night
};

// What happens, to the share `level` of it, while it happens: requests fail or are slow, targets die, traffic is lost
// at once or declines over the window.
enum class Effect { nothing, fails, slow, dead, fewer, declines };

// How failures come: each request by itself; many of one second together; in seconds in which half of all fail.
enum class Clumping { even, clumped, bursts };

// What the switch does to the series: nothing; their counters begin anew; other instances take the place of these.
enum class Turnover { kept, reset, replaced };

enum class TrafficClass { to_0_1, to_0_5, to_2, to_10, to_100, to_300 };

struct Plan {
  Kind kind = Kind::unchanged;
  std::uint64_t seed = 0;
  double traffic = 1;  // requests a second to all targets together, at live
  int targets = 1;
  Duration scrape{0};
  double failing = 0;  // the share while nothing happens
  double slow = 0;
  Effect effect = Effect::nothing;
  bool neighbour = false;  // another service's requests fail meanwhile
  double level = 0;
  Duration begins{0};  // since live
  Duration ends{0};
  Duration recurs{0};  // not zero: it comes back each so long

  Clumping clumping = Clumping::even;
  Turnover turnover = Turnover::kept;
  bool newborn = false;  // the series of failures is born with the first one
  int restarts = 0;      // of single targets, within the window
  double missing = 0;    // share of the scrapes
  Duration hole_at{0};   // no scrape at all from here on
  Duration hole_for{0};
  Duration lag{0};   // from a scrape until it can be read
  double daily = 0;  // how far the traffic of a day swings around its middle
  bool weekly = false;

  bool roll_back = false;  // the label
  std::string reason;      // of the label, in words
  Duration deadline{0};    // since live: by then it should be rolled back
};

// Samples of one series, in order of time.
class Series {
 public:
  explicit Series(model::Labels labels);

  void add(WallTime at, double value);
  // What Prometheus notes where a scrape no longer has the series: an instant query sees it no more.
  void end(WallTime at) { ends_.push_back(at); }

  const model::Labels& labels() const { return labels_; }
  const std::vector<WallTime>& at() const { return at_; }
  double value(std::size_t index) const { return values_[index]; }
  // The value as if no reset had taken anything away: differences of it are increases.
  double climbed(std::size_t index) const { return climbed_[index]; }
  const std::vector<WallTime>& ends() const { return ends_; }
  // The upper bound of a bucket; NaN of what is none.
  double le() const { return le_; }

 private:
  model::Labels labels_;
  double le_;
  std::vector<WallTime> at_;
  std::vector<double> values_;
  std::vector<double> climbed_;
  std::vector<WallTime> ends_;
};

struct Story {
  Plan plan;
  WallTime live{};
  std::vector<Series> series;
};

// "failing_5/1000017": what a story is called, and can be told again by.
std::string name_of(const Plan& plan);

TrafficClass traffic_class(double traffic);

}  // namespace guard::sim

namespace guard {

template <>
struct EnumNames<sim::Kind> {
  using K = sim::Kind;
  static constexpr std::array table{EnumName<K>{K::unchanged, "unchanged"},
                                    EnumName<K>{K::outage, "outage"},
                                    EnumName<K>{K::failing_50, "failing_50"},
                                    EnumName<K>{K::failing_20, "failing_20"},
                                    EnumName<K>{K::failing_10, "failing_10"},
                                    EnumName<K>{K::failing_5, "failing_5"},
                                    EnumName<K>{K::failing_3, "failing_3"},
                                    EnumName<K>{K::failing_2, "failing_2"},
                                    EnumName<K>{K::failing_later, "failing_later"},
                                    EnumName<K>{K::slowness, "slowness"},
                                    EnumName<K>{K::death, "death"},
                                    EnumName<K>{K::lost_share, "lost_share"},
                                    EnumName<K>{K::lost_traffic, "lost_traffic"},
                                    EnumName<K>{K::failover_again, "failover_again"},
                                    EnumName<K>{K::one_bad_scrape, "one_bad_scrape"},
                                    EnumName<K>{K::failover, "failover"},
                                    EnumName<K>{K::burst, "burst"},
                                    EnumName<K>{K::older_incident, "older_incident"},
                                    EnumName<K>{K::older_incident_ends, "older_incident_ends"},
                                    EnumName<K>{K::neighbour_incident, "neighbour_incident"},
                                    EnumName<K>{K::shared_incident, "shared_incident"},
                                    EnumName<K>{K::evening, "evening"},
                                    EnumName<K>{K::quiet_night, "quiet_night"}};
};
template <>
struct EnumNames<sim::Clumping> {
  using C = sim::Clumping;
  static constexpr std::array table{EnumName<C>{C::even, "even"}, EnumName<C>{C::clumped, "clumped"},
                                    EnumName<C>{C::bursts, "bursts"}};
};
template <>
struct EnumNames<sim::Turnover> {
  using T = sim::Turnover;
  static constexpr std::array table{EnumName<T>{T::kept, "kept"}, EnumName<T>{T::reset, "reset"},
                                    EnumName<T>{T::replaced, "replaced"}};
};
template <>
struct EnumNames<sim::TrafficClass> {
  using C = sim::TrafficClass;
  static constexpr std::array table{EnumName<C>{C::to_0_1, "0.02 to 0.1/s"}, EnumName<C>{C::to_0_5, "0.1 to 0.5/s"},
                                    EnumName<C>{C::to_2, "0.5 to 2/s"},      EnumName<C>{C::to_10, "2 to 10/s"},
                                    EnumName<C>{C::to_100, "10 to 100/s"},   EnumName<C>{C::to_300, "100 to 300/s"}};
};

}  // namespace guard
