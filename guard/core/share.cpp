// SPDX-License-Identifier: Apache-2.0
#include "guard/core/share.hpp"

#include "guard/base/duration.hpp"
#include "guard/core/arrivals.hpp"
#include "guard/core/bets.hpp"
#include "guard/core/blindness.hpp"
#include "guard/core/counted_progress.hpp"
#include "guard/core/incident.hpp"
#include "guard/core/share_words.hpp"
#include "guard/core/within.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace guard::core {
namespace {

using namespace std::chrono_literals;

// While an incident may end by itself, and once one has ended, its bets are worth a tenth of a breach at most: what is
// left of them must not make a breach of a single failure.
constexpr double worth_in_doubt = 0.1;

// Why one of both counts the same events several times.
std::optional<std::string> nested_counters(const Counters& counters) {
  if (auto why = nested_buckets(counters.part, counters.part_is_good ? "good" : "bad")) return why;
  return nested_buckets(counters.total, "total");
}

// One reading of one rule.
class ShareReader {
 public:
  ShareReader(const Watch& watch, std::size_t index, Instant now)
      : watch_(watch),
        index_(index),
        rule_(watch.group->rules[index]),
        known_(watch.rules[index]),
        now_(now),
        state_(known_.share.value_or(ShareState{})) {
    if (state_.bets.bound <= 0) state_.bets.bound = rule_.objective.bound;
  }

  CountedReading read(const ShareAnswer& answer) {
    auto evaluation = evaluate(answer);
    evaluation.at = now_;
    evaluation.sampled_at = newest_;
    const bool over = decided_here_ && !state_.decided;
    return {std::move(evaluation), std::move(state_), over};
  }

 private:
  Evaluation said(Outcome outcome, Reason reason, std::string detail) const {
    return told_nothing(rule_, outcome, reason, std::move(detail));
  }

  Evaluation evaluate(const ShareAnswer& answer) {
    for (const auto* told : {&answer.total, &answer.part})
      if (auto why = no_answer(rule_, *told)) return std::move(*why);
    const auto read = counters_of(*rule_.share, watch_.subject(now_), answer);
    if (!read) return said(Outcome::error, Reason::blind, read.error());
    const auto& counters = read->counters;
    limit_ = read->limit;
    newest_ = newest(counters.total);
    if (auto why = unusable(rule_, *answer.total, counters.total, now_)) return std::move(*why);
    if (counters.part_is_good && counters.part.empty())
      return said(Outcome::error, Reason::blind,
                  "`good` selects no series where `total` has some, so that all would be bad: compare its labels with "
                  "the server's, an `le` as it is written there");
    if (auto why = nested_counters(counters)) return said(Outcome::error, Reason::blind, std::move(*why));
    return count(counters);
  }

  Evaluation count(const Counters& counters) {
    if (watch_.is_settling(now_) || watch_.paused)
      return said(Outcome::no_data, Reason::too_few_events, "events do not count now");
    const auto counting = counting_at(watch_, index_, scrape_interval(counters.total), now_);
    const auto events = count_events(counters, counting);
    if (!events) return said(Outcome::error, Reason::blind, events.error());
    auto before = std::max(state_.counted_at, counting.since);
    for (const auto& arrival : new_arrivals(state_, *events, counting)) {
      take(arrival, before);
      before = arrival.at;
    }
    if (const auto more = never_fitting(state_, *events, counting))
      return said(Outcome::error, Reason::blind, more_than_all_words(*more, counters.part_is_good));
    return told();
  }

  void take(const Arrival& arrival, WallTime before) {
    auto& bets = state_.bets;
    add(state_.events, arrival.events);
    // Of an old breach that has ended nothing is left to hold this release against.
    if (bets.bound > rule_.objective.bound && known_.past.known && !known_.past.breached) begin_anew();
    const auto usual = stake(bets, arrivals_in_watch(watch_));
    settle_bets(bets, arrival.events, usual + stake_on_return());
    follow(state_, arrival, before, rule_.objective.bound);
    const auto enough = needed(bets, rule_.share->confidence);
    const bool over = state_.decided && share(last_minute(state_)) <= rule_.objective.bound;
    if (over) state_.decided = false;
    if (over || may_end_by_itself(state_, rule_.objective.bound)) return cut(bets, worth_in_doubt * enough);
    if (share(arrival.events) > bets.bound && won(bets) >= enough) decided_here_ = state_.decided = true;
  }

  // Once, so that all stakes together stay 1; and on what follows the return, for a stake that is laid on what is known
  // to be bad already is no bet.
  double stake_on_return() {
    if (state_.bets.returned || !came_back(state_)) return 0;
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
                        progress(state_.bets, rule_.share->confidence) >= 0.5 || has_yet_to_last(rule_, state_);
    auto out = said(Outcome::ok, Reason::objective_met, share_words(rule_, state_));
    if (over && state_.decided)
      out = said(Outcome::breach, Reason::share_broken, broken_words(rule_, state_));
    else if (over && likely)
      out = said(Outcome::breach, Reason::objective_broken, broken_words(rule_, state_));
    else if (state_.events.total < needed_events(rule_))
      out = said(Outcome::no_data, Reason::too_few_events, too_few_words(rule_, state_));
    out.detail += limit_words(rule_, limit_);
    const auto shown = out.outcome == Outcome::breach ? state_.incident.events : minute;
    if (shown.total > 0) out.value = share(shown);
    return out;
  }

  const Watch& watch_;
  std::size_t index_;
  const Rule& rule_;
  const RuleState& known_;
  Instant now_;
  ShareState state_;
  bool decided_here_ = false;
  double limit_ = 0;
  std::optional<WallTime> newest_;
};

}  // namespace

std::expected<ShareCounters, std::string> counters_of(const Share& share, const Subject& subject,
                                                      const ShareAnswer& answer) {
  ShareCounters out;
  out.counters.total = own(*answer.total, subject);
  out.counters.part_is_good = share.part_is_good;
  if (!share.within) {
    out.counters.part = own(*answer.part, subject);
    return out;
  }
  auto slow = above(out.counters.total, *share.within);
  if (!slow) return std::unexpected(std::move(slow.error()));
  out.counters.part = std::move(slow->bad);
  out.limit = slow->limit;
  return out;
}

CountedReading evaluate_share(const Watch& watch, std::size_t index, const ShareAnswer& answer, Instant now) {
  return ShareReader(watch, index, now).read(answer);
}

void forget_evidence(ShareState& state) {
  state.bets = begun_anew(state.bets, state.bets.bound);
  state.incident = {};
  state.minute.clear();
  state.decided = false;
}

}  // namespace guard::core
