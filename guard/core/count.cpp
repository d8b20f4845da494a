// SPDX-License-Identifier: Apache-2.0
#include "guard/core/count.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/count_words.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/ratio_bets.hpp"
#include "guard/core/share_bounds.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

// Once a lull has ended, its bets are worth a tenth of a breach at most.
constexpr double worth_in_doubt = 0.1;

// What spans less is kept as one with what follows, so that five minutes are never more than eleven.
constexpr Duration together = recent_events / 10;

// Takes one arrival that came after those before it; `before` is the moment from which on its events happened.
void follow_count(ShareState& state, const Arrival& arrival, WallTime before) {
  auto& recent = state.minute;
  if (recent.empty()) recent.push_back({before, {}});
  if (recent.size() > 1 && recent.back().at - recent[recent.size() - 2].at < together) {
    recent.back().at = arrival.at;
    add(recent.back().events, arrival.events);
  } else {
    recent.push_back(arrival);
  }
  while (recent.size() > 2 && arrival.at - recent[1].at >= recent_events) recent.erase(recent.begin());
  recent.front().events = {};
}

// As independent ones.
Events without_clumps(const Events& events, double clump) {
  return {events.bad / clump, events.total / clump};
}

double clump_known(const ShareState& state) {
  return state.clump > 0 ? state.clump : usual_clump;
}

// One reading of one rule.
class CountReader {
 public:
  CountReader(const Watch& watch, std::size_t index, Instant now)
      : watch_(watch),
        index_(index),
        rule_(watch.group->rules[index]),
        known_(watch.rules[index]),
        now_(now),
        kept_(baseline_share(rule_.objective.bound)),
        state_(known_.share.value_or(ShareState{})) {
    if (state_.bets.bound <= 0) state_.bets.bound = kept_;
  }

  CountedReading read(const CountAnswer& answer) {
    auto evaluation = evaluate(answer);
    evaluation.at = now_;
    if (!evaluation.value) evaluation.bound.reset();  // it is a part of what is not known
    const bool over = decided_here_ && !state_.decided;
    return {std::move(evaluation), std::move(state_), over};
  }

 private:
  Evaluation evaluate(const CountAnswer& answer) {
    const auto subject = watch_.subject(now_);
    const auto mine = answer.events ? own(*answer.events, subject) : std::vector<Sample>{};
    if (auto why = no_answer(rule_, answer.events)) return std::move(*why);
    if (auto why = unusable(rule_, *answer.events, mine, now_)) return std::move(*why);
    if (watch_.is_settling(now_) || watch_.paused)
      return told_nothing(rule_, Outcome::no_data, Reason::too_few_events, "events do not count now");
    const auto baseline = choose_baseline(rule_, subject, answer, {watch_.switch_began, now_.wall});
    if (!baseline)
      return told_nothing(rule_, Outcome::no_data, Reason::baseline_missing, "no baseline: " + baseline.error());
    count(mine, *baseline);
    auto out = told(baseline->distance);
    out.sampled_at = newest(mine);
    return out;
  }

  void count(const std::vector<Sample>& mine, const ChosenBaseline& baseline) {
    const auto counting = counting_at(watch_, index_, scrape_interval(mine), now_);
    const auto events = count_against(mine, baseline.samples, baseline.distance, counting);
    if (events.empty()) return;
    auto before = state_.counted_at > counting.since ? state_.counted_at : events.front().at;
    for (const auto& arrival : new_arrivals(state_, events, counting)) {
      take(arrival, before);
      before = arrival.at;
    }
  }

  void take(const Arrival& arrival, WallTime before) {
    auto& bets = state_.bets;
    add(state_.events, arrival.events);
    // Of an old breach that has ended nothing is left to hold this release against.
    if (bets.bound > kept_ && known_.past.known && !known_.past.breached) {
      bets.bound = kept_;
      bets.wealth.fill(0);
    }
    settle_ratio_bets(bets, arrival.events, clump_known(state_), stake(bets, arrivals_in_watch(watch_)));
    follow_count(state_, arrival, before);
    const auto enough = needed(bets, rule_.count->confidence);
    if (!is_below(bets.bound)) {
      state_.decided = false;
      cut(bets, worth_in_doubt * enough);
    } else if (share(arrival.events) > bets.bound && won(bets) >= enough) {
      decided_here_ = state_.decided = true;
    }
  }

  Evaluation told(Duration distance) const {
    const bool over = is_below(kept_);
    // After a rollback there is nothing to hold back for, as with a share.
    const bool likely = known_.past.breached || watch_.phase == Phase::verifying ||
                        progress(state_.bets, rule_.count->confidence) >= 0.5;
    auto out = told_nothing(rule_, Outcome::ok, Reason::objective_met, count_words(rule_, state_.events, distance));
    if (over && (state_.decided || likely)) {
      out.outcome = Outcome::breach;
      out.reason = state_.decided ? Reason::count_broken : Reason::objective_broken;
      out.detail = few_words(rule_, state_, distance);
    } else if (state_.events.bad < needed_events(rule_)) {
      out.outcome = Outcome::no_data;
      out.reason = Reason::too_few_events;
      out.detail = too_few_expected_words(rule_, state_);
    }
    show(out, recent_of(state_));
    return out;
  }

  // So few came lately that of all events more than this share were the baseline's.
  bool is_below(double bound) const {
    return share(recent_of(state_)) > bound && span_of_recent(state_) >= shortest_lull;
  }

  // In a second, as a rate of the same counters is.
  void show(Evaluation& out, const Events& recent) const {
    const auto span = std::chrono::duration<double>(span_of_recent(state_)).count();
    if (span <= 0) return;
    out.value = events_now(recent) / span;
    out.bound = rule_.objective.bound * recent.bad / span;
  }

  const Watch& watch_;
  std::size_t index_;
  const Rule& rule_;
  const RuleState& known_;
  Instant now_;
  double kept_;  // the share of the baseline's events at the objective
  ShareState state_;
  bool decided_here_ = false;
};

std::string no_samples(const Rule& rule) {
  std::string out;
  for (const auto& baseline : rule.baselines)
    out += out.empty() ? fmt::format("there are no samples of {} before",
                                     format_duration(std::max(baseline.offset, baseline.over)))
                       : fmt::format(", nor of {}", format_duration(std::max(baseline.offset, baseline.over)));
  return out;
}

}  // namespace

Duration baseline_distance(const Baseline& baseline, WallTime switch_began, WallTime at) {
  if (baseline.offset > Duration{0}) return baseline.offset;
  const auto since = std::max(at - switch_began, Duration{1});
  return baseline.over * ((since + baseline.over - Duration{1}) / baseline.over);
}

std::expected<ChosenBaseline, std::string> choose_baseline(const Rule& rule, Subject subject, const CountAnswer& answer,
                                                           std::pair<WallTime, WallTime> switch_and_now) {
  subject.version.clear();  // nobody says what ran so long ago
  for (std::size_t i = 0; i < rule.baselines.size(); ++i) {
    const auto told = answer.baselines.find(i);
    if (told == answer.baselines.end()) continue;
    if (!told->second) return std::unexpected(told->second.error().message);
    auto samples = own(*told->second, subject);
    if (samples.empty()) continue;
    return ChosenBaseline{std::move(samples),
                          baseline_distance(rule.baselines[i], switch_and_now.first, switch_and_now.second)};
  }
  return std::unexpected(answer.baselines.empty() ? "it has not been read yet" : no_samples(rule));
}

CountedReading evaluate_count(const Watch& watch, std::size_t index, const CountAnswer& answer, Instant now) {
  return CountReader(watch, index, now).read(answer);
}

bool is_surely_kept(const Rule& rule, const ShareState& state) {
  const auto kept = baseline_share(rule.objective.bound);
  const auto clump = clump_known(state);
  return hidden_share(without_clumps(recent_of(state), clump)) < kept ||
         hidden_share(without_clumps(state.events, clump)) < kept;
}

}  // namespace guard::core
