// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/course.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guard::sim {
namespace {

using Seconds = std::chrono::duration<double>;

// While a burst lasts, half of the requests fail; it lasts two to ten seconds.
constexpr double burst_failing = 0.5;
constexpr double burst_seconds = 6;

Duration duration_of(double seconds) {
  return std::chrono::duration_cast<Duration>(Seconds(seconds));
}

// How much of a weekend it is: none up to Friday evening, all from Saturday morning to Sunday evening. A step at
// midnight would be an incident.
double weekend(WallTime at, std::chrono::sys_days day) {
  const auto days = static_cast<double>(std::chrono::weekday(day).iso_encoding() - 1);
  const auto of_week = days + Seconds(at - day) / Seconds(std::chrono::days(1));
  const auto since_monday_morning = std::fmod(of_week + 6.75, 7.0);
  const auto risen = [&](double from) { return std::clamp((since_monday_morning - from) * 2, 0.0, 1.0); };
  return risen(4.5) - risen(6.5);
}

// Of a day: least at four in the morning, most at four in the afternoon; less at the weekend.
double rhythm(const Plan& plan, WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const auto of_day = Seconds(at - day) / Seconds(std::chrono::days(1));
  const auto swing = 1 - plan.daily * std::cos(2 * std::numbers::pi * (of_day - 4.0 / 24));
  return plan.weekly ? swing * (1 - 0.4 * weekend(at, day)) : swing;
}

}  // namespace

Course::Course(const Plan& plan, WallTime live, Random random)
    : plan_(plan), live_(live), rhythm_at_live_(rhythm(plan, live)) {
  if (plan.clumping == Clumping::bursts && plan.failing > 0) draw_bursts(random);
}

// Bursts and the time between them alternate so that the share over all time is the planned one.
void Course::draw_bursts(Random& random) {
  const auto between = burst_seconds * (burst_failing / plan_.failing - 1);
  for (auto at = -history; at < window;) {
    const auto begins = at + duration_of(random.exponential(between));
    at = begins + duration_of(random.between(2, 2 * burst_seconds - 2));
    bursts_.push_back({begins, at});
  }
}

double Course::rate(Duration since_live) const {
  const auto even = plan_.traffic * rhythm(plan_, live_ + since_live) / rhythm_at_live_;
  if (plan_.effect == Effect::fewer && happens(since_live)) return even * (1 - plan_.level);
  if (plan_.effect != Effect::declines) return even;
  // An evening is one the week before as well.
  const auto of_evening = since_live < -history ? since_live + a_week : since_live;
  return even * (1 - plan_.level * std::clamp(Seconds(of_evening) / Seconds(window), 0.0, 1.0));
}

double Course::failing(Duration since_live) const {
  if (plan_.effect == Effect::fails && happens(since_live)) return plan_.level;
  if (plan_.clumping != Clumping::bursts) return plan_.failing;
  return in_burst(since_live) ? burst_failing : 0;
}

double Course::slow(Duration since_live) const {
  return plan_.effect == Effect::slow && happens(since_live) ? plan_.level : plan_.slow;
}

bool Course::alive(int target, Duration since_live) const {
  if (plan_.effect != Effect::dead || !happens(since_live)) return true;
  return target >= static_cast<int>(std::ceil(plan_.level * plan_.targets));
}

int Course::alive_targets(Duration since_live) const {
  int count = 0;
  for (int target = 0; target < plan_.targets; ++target) count += alive(target, since_live) ? 1 : 0;
  return count;
}

double Course::neighbour_failing(Duration since_live) const {
  return happens(since_live) ? plan_.level : 0;
}

bool Course::happens(Duration since_live) const {
  if (since_live < plan_.begins) return false;
  if (plan_.recurs == Duration{0}) return since_live < plan_.ends;
  return (since_live - plan_.begins) % plan_.recurs < plan_.ends - plan_.begins;
}

bool Course::in_burst(Duration since_live) const {
  const auto next = std::ranges::upper_bound(bursts_, since_live, {}, &Burst::begins);
  return next != bursts_.begin() && since_live < std::prev(next)->ends;
}

}  // namespace guard::sim
