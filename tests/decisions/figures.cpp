// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/markdown.hpp"
#include "tests/decisions/tally.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::decisions {
namespace {

using namespace std::chrono_literals;
using sim::Plan;
using sim::TrafficClass;

std::string met(bool is, const std::string& what) {
  return (is ? "**yes**: " : "no: ") + what;
}

// At 2 requests a second and above, from live on.
std::function<bool(const Plan&)> failing(double least, double most) {
  return [=](const Plan& p) {
    return p.effect == sim::Effect::fails && p.begins == Duration{0} && p.traffic >= 2 && p.level >= least &&
           p.level <= most;
  };
}

std::string all_in_time(const Tally& of) {
  return met(of.in_time.of == of.in_time.all, text_of(of.in_time));
}

std::string median(const Tally& of, Duration wanted) {
  const auto delay = at_share(of.delays, 0.5);
  return met(delay && *delay <= wanted, seconds(delay));
}

std::string most_within(const Tally& of, Duration wanted) {
  const auto found = static_cast<int>(std::ranges::upper_bound(of.delays, wanted) - of.delays.begin());
  return met(2 * found > of.found.all,
             fmt::format("{} of {}, median {}", found, of.found.all, seconds(at_share(of.delays, 0.5))));
}

std::string precise(const Share& right) {
  return met(100 * right.of >= 99 * right.all, text_of(right));
}

std::string seldom_false(const Trials& unchanged, std::size_t judge) {
  double worst = 0;
  for (const auto& [traffic, name] : EnumNames<TrafficClass>::table) {
    const auto of_class = [wanted = traffic](const Plan& p) { return sim::traffic_class(p.traffic) == wanted; };
    worst = std::max(worst, interval_of(tally(unchanged, judge, of_class).false_rollbacks).high);
  }
  const auto all = tally(unchanged, judge, every).false_rollbacks;
  return met(1000 * all.of <= all.all && worst < 0.003,
             fmt::format("{} of {}, worst bound {:.2f}%", all.of, all.all, 100 * worst));
}

}  // namespace

std::string figures(const Held& held, const Names& judges) {
  auto out = header_of("figure", judges);
  const auto add = [&](const std::string& what, auto cell) { out += row_of(what, judges, cell); };
  const auto of_failing = [&](std::size_t judge, double least, double most) {
    return tally(held.mixed, judge, failing(least, most));
  };
  add("5% or more failing at 2/s and above: all found in time",
      [&](std::size_t judge) { return all_in_time(of_failing(judge, 0.05, 1)); });
  add("20% or more failing at 2/s and above: median at most 90 s",
      [&](std::size_t judge) { return median(of_failing(judge, 0.2, 1), 90s); });
  add("5% failing at 2/s and above: median at most 150 s",
      [&](std::size_t judge) { return median(of_failing(judge, 0.05, 0.05), 150s); });
  add("60% of 5 requests a minute failing: most within 2 minutes",
      [&](std::size_t judge) { return most_within(tally(held.sixty_percent_of_five_a_minute, judge, every), 2min); });
  add("3% failing at 10/s: most within 5 minutes",
      [&](std::size_t judge) { return most_within(tally(held.three_percent_at_ten_a_second, judge, every), 5min); });
  add("precision at least 99%", [&](std::size_t judge) { return precise(tally(held.mixed, judge, every).right); });
  add("false on unchanged services: at most 0.1%, bounded below 0.3% at every traffic",
      [&](std::size_t judge) { return seldom_false(held.unchanged, judge); });
  return out;
}

}  // namespace guard::decisions
