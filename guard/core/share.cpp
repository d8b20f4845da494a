// SPDX-License-Identifier: Apache-2.0
#include "guard/core/share.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/arrivals.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/missed.hpp"
#include "guard/core/share_words.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// While an incident may end by itself, and once one has ended, its bets are worth a tenth of a breach at most: what is
// left of them must not make a breach of a single failure.
constexpr double worth_in_doubt = 0.1;

// As many samples are a few thousand series of one round: more are a selector that is too wide.
constexpr std::size_t most_samples = 200'000;

// From this time on the pace of events tells something.
constexpr Duration pace_known = std::chrono::minutes(10);

std::optional<WallTime> newest(const std::vector<Sample>& samples) {
  if (samples.empty()) return std::nullopt;
  return std::ranges::max(samples, {}, &Sample::at).at;
}

// One reading of one rule.
class ShareReader {
 public:
  ShareReader(const Watch& watch, std::size_t index, Instant now)
      : watch_(watch),
        rule_(watch.group->rules[index]),
        known_(watch.rules[index]),
        now_(now),
        state_(known_.share.value_or(ShareState{})) {
    if (state_.bets.bound <= 0) state_.bets.bound = rule_.objective.bound;
  }

  ShareReading read(const ShareAnswer& answer) {
    auto evaluation = evaluate(answer);
    const bool over = decided_here_ && !state_.decided;
    return {std::move(evaluation), std::move(state_), over};
  }

 private:
  Evaluation said(Outcome outcome, Reason reason, std::string detail) const {
    Evaluation out{outcome, reason, std::nullopt, rule_.objective.bound, std::move(detail), now_};
    out.sampled_at = newest_;
    return out;
  }

  Evaluation evaluate(const ShareAnswer& answer) {
    if (!answer.total) return said(Outcome::error, answer.total.error().reason, answer.total.error().message);
    if (!answer.part) return said(Outcome::error, answer.part.error().reason, answer.part.error().message);
    if (answer.total->size() + answer.part->size() > most_samples)
      return said(Outcome::error, Reason::wrong_type,
                  fmt::format("its selectors have {} samples in one round; make them narrower, or sum them up by a "
                              "recording rule",
                              answer.total->size() + answer.part->size()));
    const auto subject = watch_.subject(now_);
    const Counters counters{own(*answer.total, subject), own(*answer.part, subject), rule_.share->part_is_good};
    newest_ = newest(counters.total);
    if (!newest_) return said(Outcome::no_data, Reason::empty_result, nothing_of_release(*answer.total));
    if (rule_.max_age > Duration{0} && now_.wall - *newest_ > rule_.max_age)
      return said(Outcome::no_data, Reason::stale_sample,
                  fmt::format("the newest sample is {} old, max_age is {}", format_duration(now_.wall - *newest_),
                              format_duration(rule_.max_age)));
    if (counters.part_is_good && counters.part.empty())
      return said(Outcome::error, Reason::blind,
                  "`good` selects no series where `total` has some, so that all would be bad: compare its labels with "
                  "the server's, an `le` as it is written there");
    return count(counters);
  }

  Evaluation count(const Counters& counters) {
    if (watch_.is_settling(now_) || watch_.paused)
      return said(Outcome::no_data, Reason::too_few_events, "events do not count now");
    auto counting = counting_now();
    counting.scraped_each = scrape_interval(counters.total);
    const auto events = count_events(counters, counting);
    if (!events) return said(Outcome::error, Reason::blind, events.error());
    auto before = std::max(state_.counted_at, counting.since);
    for (const auto& arrival : new_arrivals(state_, *events, counting)) {
      take(arrival, before);
      before = arrival.at;
    }
    return told();
  }

  // What comes after the window says nothing of the release, but for a breach that is followed to its end.
  Counting counting_now() const {
    const auto age = watch_.clock.age(now_);
    const auto over = std::max(Duration{0}, age - counts_until(watch_));
    const bool followed = known_.verdict == Verdict::pending;
    return {now_.wall - (age - std::max(state_.passed_over, counts_from(watch_))),
            followed ? now_.wall : now_.wall - over, watch_.group->interval, Duration{0}};
  }

  double arrivals_in_watch() const {
    const auto counted = counts_until(watch_) - counts_from(watch_);
    return static_cast<double>(counted.count()) / static_cast<double>(watch_.group->interval.count());
  }

  void take(const Arrival& arrival, WallTime before) {
    auto& bets = state_.bets;
    add(state_.events, arrival.events);
    // Of an old breach that has ended nothing is left to hold this release against.
    if (bets.bound > rule_.objective.bound && known_.past.known && !known_.past.breached) begin_anew();
    settle_bets(bets, arrival.events, stake(bets, arrivals_in_watch()) + stake_on_return(arrival.events));
    follow(state_, arrival, before, rule_.objective.bound);
    const auto enough = needed(bets, rule_.share->confidence);
    const bool over = state_.decided && share(last_minute(state_)) <= rule_.objective.bound;
    if (over) state_.decided = false;
    if (over || may_end_by_itself(state_)) return cut(bets, worth_in_doubt * enough);
    if (share(arrival.events) > bets.bound && won(bets) >= enough) decided_here_ = state_.decided = true;
  }

  // Once, so that all stakes together stay 1.
  double stake_on_return(const Events& events) {
    if (state_.bets.returned || !comes_back(state_, events)) return 0;
    state_.bets.returned = true;
    return return_stake;
  }

  void begin_anew() {
    state_.bets.bound = rule_.objective.bound;
    state_.bets.wealth.fill(0);
  }

  Evaluation told() {
    const auto minute = last_minute(state_);
    const bool over = share(minute) > rule_.objective.bound;
    // After a rollback there is nothing to hold back for: what is above the objective does not hold again.
    const bool likely = known_.past.breached || watch_.phase == Phase::verifying ||
                        progress(state_.bets, rule_.share->confidence) >= 0.5;
    auto out = said(Outcome::ok, Reason::objective_met, share_words(rule_, state_));
    if (over && state_.decided)
      out = said(Outcome::breach, Reason::share_broken, broken_words(rule_, state_));
    else if (over && likely)
      out = said(Outcome::breach, Reason::objective_broken, broken_words(rule_, state_));
    else if (state_.events.total < needed_events(rule_))
      out = said(Outcome::no_data, Reason::too_few_events, too_few_words(rule_, state_));
    const auto shown = out.outcome == Outcome::breach ? state_.incident.events : minute;
    if (shown.total > 0) out.value = share(shown);
    return out;
  }

  const Watch& watch_;
  const Rule& rule_;
  const RuleState& known_;
  Instant now_;
  ShareState state_;
  bool decided_here_ = false;
  std::optional<WallTime> newest_;
};

}  // namespace

ShareReading evaluate_share(const Watch& watch, std::size_t index, const ShareAnswer& answer, Instant now) {
  return ShareReader(watch, index, now).read(answer);
}

Duration share_range(const Watch& watch, std::size_t index, Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index].share;
  const auto before = std::max(rule.max_age, 2 * watch.group->interval);
  if (watch.is_settling(now) || watch.paused) return before;
  const auto counting = watch.clock.age(now) - counts_from(watch);
  const auto counted = state ? std::min(counting, now.wall - state->counted_to) : counting;
  return std::clamp(counted, Duration{0}, watch.group->window) + before;
}

int needed_events(const Rule& rule) {
  return std::max(rule.share->min_events, fewest_events(rule.objective.bound, rule.share->confidence));
}

void forget_evidence(ShareState& state) {
  state.bets = begun_anew(state.bets, state.bets.bound);
  state.incident = {};
  state.minute.clear();
  state.decided = false;
}

std::string falls_short(const Watch& watch, std::size_t index, Instant now) {
  const auto& rule = watch.group->rules[index];
  const auto& state = watch.rules[index];
  const bool few = rule.share && state.share && state.last && state.last->reason == Reason::too_few_events;
  if (!few || state.reason != Reason::held) return "";
  const auto counted = watch.clock.age(now) - counts_from(watch);
  const auto whole = counts_until(watch) - counts_from(watch);
  if (counted < pace_known) return "";
  const auto expected = state.share->events.total * static_cast<double>(whole / 1s) / static_cast<double>(counted / 1s);
  if (expected >= needed_events(rule)) return "";
  return fmt::format("{} sees too few events: at this pace they will not be the {} from which on it can be judged",
                     rule.slo, needed_events(rule));
}

double progress_of(const Rule& rule, const RuleState& state) {
  return rule.share && state.share ? progress(state.share->bets, rule.share->confidence) : 0;
}

double least_share(const Events& events, double doubt) {
  const auto total = std::round(events.total);
  const auto bad = std::min(total, std::round(events.bad));
  if (total < 1 || bad < 1) return 0;
  return boost::math::binomial_distribution<>::find_lower_bound_on_p(total, bad, doubt);
}

double hidden_share(const Events& events) {
  const auto total = std::round(events.total);
  const auto bad = std::min(total, std::round(events.bad));
  if (total < 1 || bad >= total) return 1;
  return boost::math::binomial_distribution<>::find_upper_bound_on_p(total, bad, 0.05);
}

}  // namespace guard::core
