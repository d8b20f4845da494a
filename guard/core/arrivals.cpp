// SPDX-License-Identifier: Apache-2.0
#include "guard/core/arrivals.hpp"

#include "guard/core/incident.hpp"
#include "guard/core/increases.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace guard::core {
namespace {

using ByTime = std::map<WallTime, double>;

// A process counts in both counters one after the other, and a scrape may fall between: so little is no sign of
// counters that do not belong together.
constexpr double between_counters = 0.001;

// Of so many steps with events it can be told whether they hold too much of the part each, or one of them does.
constexpr int enough_steps = 3;

// By how much the part is more than the whole.
double excess(const Events& events) {
  return std::max(-events.bad, events.bad - events.total);
}

// What is told together until its part fits its whole.
class Together {
 public:
  void take(const Arrival& step) {
    sum_.at = step.at;
    add(sum_.events, step.events);
    most_ = std::max(most_, excess(step.events));
    if (step.events.total > 0 || step.events.bad != 0) ++counting_;
  }

  // Requests that were on their way when counting began end in one of two counters alone: that is once, so of several
  // steps it is no more than in one. Counters of different things differ in each.
  bool fits() const { return excess(sum_.events) <= room() || (counting_ >= enough_steps && may_fit()); }

  // No more is too much than one step alone has: that may have been on its way.
  bool may_fit() const { return excess(sum_.events) <= room() + most_; }

  const Arrival& sum() const { return sum_; }

 private:
  double room() const { return between_counters * sum_.events.total; }

  Arrival sum_;
  double most_ = 0;   // of one step
  int counting_ = 0;  // steps with events
};

double cut_to_all(double bad, double all) {
  return std::clamp(bad, 0.0, all);
}

// Each once, in order.
std::vector<WallTime> times_of(const std::vector<Sample>& samples) {
  std::vector<WallTime> out;
  out.reserve(samples.size());
  for (const auto& sample : samples) out.push_back(sample.at);
  std::ranges::sort(out);
  const auto repeated = std::ranges::unique(out);
  out.erase(repeated.begin(), repeated.end());
  return out;
}

struct Counted {
  ByTime events;
  std::set<WallTime> anew;  // the scrapes at which a counter began anew
};

Counted count(const std::vector<Sample>& samples, const std::vector<Sample>& beside, const Counting& counting) {
  Counted out;
  for (const auto& increase : increases(samples, beside)) {
    if (increase.from < counting.since || increase.at > counting.until) continue;
    out.events[increase.at] += increase.count;
    if (increase.anew) out.anew.insert(increase.at);
  }
  return out;
}

// How much of what came in (increase.from, increase.at] is due to (from, to].
double part_of(const Increase& increase, WallTime from, WallTime to) {
  const auto common = std::min(to, increase.at) - std::max(from, increase.from);
  if (common <= Duration{0}) return 0;
  return increase.count * static_cast<double>(common.count()) /
         static_cast<double>((increase.at - increase.from).count());
}

// Spread over the spans between these times: to each what came since the one before it.
ByTime spread(const std::vector<Increase>& all, const std::vector<WallTime>& times, Duration later) {
  ByTime out;
  for (const auto& increase : all) {
    auto to = std::ranges::upper_bound(times, increase.from + later);
    for (; to != times.end(); ++to) {
      if (to == times.begin()) continue;
      const auto from = *std::prev(to) - later;
      if (from >= increase.at) break;
      out[*to] += part_of(increase, from, *to - later);
    }
  }
  return out;
}

double at(const ByTime& counts, WallTime time) {
  const auto it = counts.find(time);
  return it == counts.end() ? 0 : it->second;
}

Events sum(const EventsByTime& events, WallTime after, WallTime up_to) {
  Events out;
  for (const auto& scrape : events)
    if (scrape.at > after && scrape.at <= up_to) add(out, scrape.events);
  return out;
}

// What came after this time, the scrapes of one step together.
std::vector<Arrival> steps_after(WallTime after, const EventsByTime& events, const Counting& counting) {
  const auto length = std::max(counting.step, counting.scraped_each);
  std::vector<Arrival> out;
  Duration::rep latest = -1;
  for (const auto& scrape : events) {
    if (scrape.at <= after) continue;
    const auto number = (scrape.at - after - Duration{1}) / length;
    if (number != latest) out.emplace_back();
    latest = number;
    out.back().at = scrape.at;
    add(out.back().events, scrape.events);
  }
  return out;
}

Events late(const ShareState& state, const EventsByTime& events) {
  const auto known = sum(events, state.counted_to, state.counted_at);
  return {std::max(0.0, known.bad - state.since_counted.bad), std::max(0.0, known.total - state.since_counted.total)};
}

}  // namespace

Duration scrape_interval(const std::vector<Sample>& samples) {
  std::vector<Duration> gaps;
  for (std::size_t i = 1; i < samples.size(); ++i)
    if (samples[i].at > samples[i - 1].at && samples[i].labels == samples[i - 1].labels)
      gaps.push_back(samples[i].at - samples[i - 1].at);
  if (gaps.empty()) return Duration{0};
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return *middle;
}

std::expected<EventsByTime, std::string> count_events(const Counters& counters, const Counting& counting) {
  const auto scraped = times_of(counters.total);
  const auto known = times_of(counters.part);
  const bool together =
      std::ranges::any_of(known, [&](WallTime time) { return std::ranges::binary_search(scraped, time); });
  if (!known.empty() && !together && scraped.size() > 1)
    return std::unexpected("its two counters are never of the same scrape, so their events cannot be compared");
  const auto total = count(counters.total, counters.total, counting);
  const auto part = count(counters.part, counters.total, counting);
  EventsByTime out;
  for (const auto time : scraped) {
    // Of a scrape that only one of both holds yet, the other tells in the next round.
    if (counters.part_is_good && !std::ranges::binary_search(known, time)) continue;
    if (time > counting.until) continue;
    const auto all = at(total.events, time);
    const auto counted = at(part.events, time);
    const auto bad = counters.part_is_good ? all - counted : counted;
    const bool anew = total.anew.contains(time) || part.anew.contains(time);
    out.push_back({time, {anew ? cut_to_all(bad, all) : bad, all}});
  }
  return out;
}

EventsByTime count_against(const std::vector<Sample>& samples, const std::vector<Sample>& baseline, Duration distance,
                           const Counting& counting) {
  auto times = times_of(samples);
  std::erase_if(times, [&](WallTime time) { return time < counting.since || time > counting.until; });
  const auto now = count(samples, samples, counting).events;
  const auto then = spread(increases(baseline, baseline), times, distance);
  EventsByTime out;
  auto begun = counting.since;
  for (const auto time : times) {
    if (!out.empty() && time - out.back().at > counting.scraped_each * 3 / 2) begun = time;
    const bool known = !out.empty() && time >= begun + counting.scraped_each;
    out.push_back({time, known ? Events{at(then, time), at(then, time) + at(now, time)} : Events{}});
  }
  return out;
}

std::vector<Arrival> new_arrivals(ShareState& state, const EventsByTime& events, const Counting& counting) {
  if (state.counted_at < counting.since) {
    state.counted_to = state.counted_at = counting.since;
    state.since_counted = {};
  }
  const bool whole = !events.empty() && events.back().at - state.counted_at >= counting.scraped_each * 3 / 4;
  if (!whole || events.back().at <= state.counted_at) return {};
  auto steps = steps_after(state.counted_at, events, counting);
  add(steps.front().events, late(state, events));
  std::vector<Arrival> out;
  Together waiting;
  auto counted_at = state.counted_at;
  for (const auto& step : steps) {
    waiting.take(step);
    if (!waiting.fits()) continue;
    counted_at = waiting.sum().at;
    const auto [bad, total] = waiting.sum().events;
    if (total > 0) out.push_back({counted_at, {cut_to_all(bad, total), total}});
    waiting = {};
  }
  if (counted_at == state.counted_at) return {};
  state.counted_at = counted_at;
  state.counted_to = std::max(state.counted_to, state.counted_at - most_late);
  state.since_counted = sum(events, state.counted_to, state.counted_at);
  return out;
}

std::optional<Events> never_fitting(const ShareState& state, const EventsByTime& events, const Counting& counting) {
  if (events.empty()) return std::nullopt;
  const auto explained = std::max(most_late, counting.scraped_each);
  Together left;
  for (const auto& step : steps_after(state.counted_at, events, counting))
    if (step.at <= events.back().at - explained) left.take(step);
  return left.may_fit() ? std::nullopt : std::optional(left.sum().events);
}

}  // namespace guard::core
