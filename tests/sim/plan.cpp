// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/plan.hpp"

#include "tests/sim/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace guard::sim {
namespace {

using namespace std::chrono_literals;

Duration minutes_between(Random& random, double low, double high) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(60 * random.between(low, high)));
}

double traffic_of(Random& random, TrafficClass wanted) {
  static constexpr std::array bounds{0.02, 0.1, 0.5, 2.0, 10.0, 100.0, 300.0};
  const auto index = static_cast<std::size_t>(wanted);
  return random.log_between(bounds.at(index), bounds.at(index + 1));
}

// How the service is built and scraped.
void draw_service(Plan& plan, Random& random) {
  static constexpr std::array<Duration, 4> scrapes{5s, 10s, 15s, 30s};
  plan.traffic = traffic_of(random, static_cast<TrafficClass>(plan.seed % EnumNames<TrafficClass>::table.size()));
  plan.targets = 1 + random.below(plan.traffic < 0.1 ? 2 : 6);
  plan.scrape = scrapes.at(static_cast<std::size_t>(random.below(4)));
  plan.failing = random.chance(0.25) ? 0 : random.between(0, 0.9 * most_failing);
  plan.slow = random.between(0, 0.003);
  plan.daily = random.between(0, 0.7);
  plan.weekly = random.chance(0.5);
}

// What makes its series hard to read.
void draw_disorder(Plan& plan, Random& random) {
  plan.clumping = static_cast<Clumping>(random.below(3));
  plan.turnover = static_cast<Turnover>(random.below(3));
  plan.newborn = random.chance(0.5);
  plan.restarts = random.chance(0.15) ? 1 + random.below(2) : 0;
  plan.missing = random.chance(0.2) ? 0.01 : random.chance(0.1) ? 0.05 : 0;
  if (random.chance(0.1)) {
    plan.hole_at = minutes_between(random, 5, 100);
    plan.hole_for = minutes_between(random, 1, 3);
  }
  if (random.chance(0.1)) plan.lag = std::chrono::seconds(15 + random.below(26));
}

void happens(Plan& plan, Effect effect, double level, Duration begins, Duration ends = window) {
  plan.effect = effect;
  plan.level = level;
  plan.begins = begins;
  plan.ends = ends;
}

void roll_back(Plan& plan, std::string reason) {
  plan.roll_back = true;
  plan.reason = std::move(reason);
}

template <int percent>
void fails_from_live(Plan& plan, Random&) {
  happens(plan, Effect::fails, percent / 100.0, 0s);
  roll_back(plan, "a share of the requests above the objective fails from live on, and nothing else explains it");
}

void fails_later(Plan& plan, Random& random) {
  happens(plan, Effect::fails, random.log_between(0.05, 1), minutes_between(random, 10, 60));
  roll_back(plan, "a share of the requests above the objective fails from some time after live on");
}

void becomes_slow(Plan& plan, Random& random) {
  happens(plan, Effect::slow, random.between(0.15, 0.6), minutes_between(random, 0, 30));
  roll_back(plan, "far more requests than the objective allows take longer than a second");
}

void dies(Plan& plan, Random& random) {
  happens(plan, Effect::dead, 1, minutes_between(random, 0, 30));
  roll_back(plan, "every instance died and nothing answers");
}

void loses_instances(Plan& plan, Random& random) {
  plan.targets = 3 + random.below(4);
  happens(plan, Effect::dead, random.between(0.34, 0.6), minutes_between(random, 0, 30));
  roll_back(plan, "a third of the instances or more died; the others carry their load");
}

void loses_traffic(Plan& plan, Random& random) {
  plan.traffic = std::max(plan.traffic, 1.0);
  happens(plan, Effect::fewer, random.between(0.75, 1), minutes_between(random, 0, 30));
  roll_back(plan, "most users no longer reach the service");
}

// Something that begins some time after live and is gone after `least` to `most` minutes.
void passes_by(Plan& plan, Random& random, double level, double least, double most) {
  const auto begins = minutes_between(random, 2, 100);
  happens(plan, Effect::fails, level, begins, begins + minutes_between(random, least, most));
}

void fails_over_again(Plan& plan, Random& random) {
  const auto begins = minutes_between(random, 1, 10);
  happens(plan, Effect::fails, random.between(0.2, 1), begins, begins + minutes_between(random, 0.5, 1));
  plan.recurs = minutes_between(random, 5, 10);
  roll_back(plan, "a minute's failure that comes back every few minutes is no failover");
}

void one_bad_scrape(Plan& plan, Random& random) {
  const auto minutes = std::chrono::duration<double, std::ratio<60>>(plan.scrape).count();
  passes_by(plan, random, random.between(0.3, 1), minutes, minutes);
  plan.reason = "one scrape's worth of failures, gone by itself";
}

void fails_over(Plan& plan, Random& random) {
  passes_by(plan, random, random.between(0.05, 1), 0.33, 1);
  plan.reason = "a failover of at most a minute, gone by itself";
}

void has_a_burst(Plan& plan, Random& random) {
  passes_by(plan, random, random.between(0.02, 0.05), 1, 2);
  plan.reason = "a few percent for a minute or two, gone by itself";
}

void failed_before(Plan& plan, Random& random) {
  happens(plan, Effect::fails, random.between(0.03, 0.3), -minutes_between(random, 20, 60));
  plan.reason = "it failed as much before live: taking the release back does not help";
}

void failed_before_and_ends(Plan& plan, Random& random) {
  failed_before(plan, random);
  plan.ends = minutes_between(random, 2, 15);
  plan.reason = "it failed as much before live, and ends by itself";
}

void neighbour_fails(Plan& plan, Random& random) {
  passes_by(plan, random, random.between(0.2, 1), 10, 30);
  plan.effect = Effect::nothing;
  plan.neighbour = true;
  plan.reason = "only another service fails";
}

void shares_an_incident(Plan& plan, Random& random) {
  passes_by(plan, random, random.between(0.2, 1), 10, 30);
  plan.neighbour = true;
  plan.reason = "another service without a release fails alike: the cause is shared, and a person decides";
}

void declines(Plan& plan, Random& random) {
  happens(plan, Effect::declines, random.between(0.7, 0.85), 0s);
  plan.reason = "the traffic of an evening declines, and nothing else changes";
}

void sleeps(Plan& plan, Random& random) {
  plan.traffic = random.between(0.004, 0.03);
  plan.reason = "hardly a request comes, and nothing is wrong";
}

void changes_nothing(Plan& plan, Random&) {
  plan.reason = "the release changes nothing";
}

using Draw = void (*)(Plan&, Random&);
const std::map<Kind, Draw> courses{{Kind::unchanged, changes_nothing},
                                   {Kind::outage, fails_from_live<100>},
                                   {Kind::failing_50, fails_from_live<50>},
                                   {Kind::failing_20, fails_from_live<20>},
                                   {Kind::failing_10, fails_from_live<10>},
                                   {Kind::failing_5, fails_from_live<5>},
                                   {Kind::failing_3, fails_from_live<3>},
                                   {Kind::failing_2, fails_from_live<2>},
                                   {Kind::failing_later, fails_later},
                                   {Kind::slowness, becomes_slow},
                                   {Kind::death, dies},
                                   {Kind::lost_share, loses_instances},
                                   {Kind::lost_traffic, loses_traffic},
                                   {Kind::failover_again, fails_over_again},
                                   {Kind::one_bad_scrape, one_bad_scrape},
                                   {Kind::failover, fails_over},
                                   {Kind::burst, has_a_burst},
                                   {Kind::older_incident, failed_before},
                                   {Kind::older_incident_ends, failed_before_and_ends},
                                   {Kind::neighbour_incident, neighbour_fails},
                                   {Kind::shared_incident, shares_an_incident},
                                   {Kind::evening, declines},
                                   {Kind::quiet_night, sleeps}};

Duration time_for(double level) {
  if (level >= 0.2) return 5min;
  if (level >= 0.1) return 10min;
  if (level >= 0.05) return 15min;
  return level >= 0.03 ? 30min : window;
}

}  // namespace

Plan draw_plan(Kind kind, std::uint64_t seed) {
  Random random(seed * EnumNames<Kind>::table.size() + static_cast<std::uint64_t>(kind));
  Plan plan;
  plan.kind = kind;
  plan.seed = seed;
  draw_service(plan, random);
  draw_disorder(plan, random);
  courses.at(kind)(plan, random);
  plan.deadline = plan.roll_back ? deadline_of(plan) : window;
  return plan;
}

Duration deadline_of(const Plan& plan) {
  if (plan.recurs > Duration{0}) return std::min(plan.begins + Duration(45min), window);
  const auto time = plan.effect == Effect::fewer ? Duration(15min) : time_for(plan.level);
  const Duration twenty_failed{std::llround(20'000 / (plan.traffic * plan.level))};
  const auto allowed = plan.effect == Effect::dead ? time : std::max(time, twenty_failed);
  return std::min(plan.begins + allowed, window);
}

}  // namespace guard::sim
