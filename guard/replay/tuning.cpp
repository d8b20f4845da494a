// SPDX-License-Identifier: Apache-2.0
#include "guard/replay/tuning.hpp"

#include "guard/core/beginning.hpp"
#include "guard/core/share_bounds.hpp"
#include "guard/metrics/read_ahead.hpp"
#include "guard/metrics/remembering.hpp"
#include "guard/replay/steady_service.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace guard::replay {
namespace {

using namespace std::chrono_literals;

constexpr std::array factors{0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0};
constexpr std::array shares{0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2};
constexpr std::array sizes{0.02, 0.05, 0.2, 1.0};
constexpr std::array<Duration, 5> times{0min, 1min, 2min, 5min, 10min};
constexpr std::array confidences{0.9, 0.99, 0.999, 0.9999};

constexpr double much = 100;  // events in a second, of which more are seen no sooner

bool can_be_tuned(const model::Rule& rule) {
  const auto comparison = rule.objective.comparison;
  return model::is_measured(rule.kind) && comparison != model::Comparison::equal &&
         comparison != model::Comparison::not_equal;
}

// The rule alone, as one that acts, whatever it and its group do now.
model::RuleGroupPtr alone(const model::RuleGroup& group, model::Rule rule) {
  auto copy = std::make_shared<model::RuleGroup>(group);
  rule.action = model::Action::rollback;
  rule.remedy.reset();
  if (rule.share) rule.share->control.reset();
  rule.control.reset();
  copy->rules = {std::move(rule)};
  copy->rollback.mode = model::Mode::enforce;
  return copy;
}

model::Rule with(model::Rule rule, const model::Objective& objective) {
  rule.objective = objective;
  return rule;
}

model::Rule with(model::Rule rule, const Firmness& firmness) {
  if (rule.share) rule.share->confidence = firmness.confidence;
  if (rule.count) rule.count->confidence = firmness.confidence;
  rule.breach.sustained = firmness.sustained;
  return rule;
}

// How long, or how surely, it may have to be broken instead.
std::vector<Firmness> firmness_of(const model::Rule& rule) {
  std::vector<Firmness> out;
  const auto add = [&](Duration sustained, double confidence) { out.push_back({sustained, confidence}); };
  if (const auto own = model::confidence_of(rule); own > 0) {
    for (const auto confidence : confidences) add(rule.breach.sustained, confidence);
    if (std::ranges::find(confidences, own) == confidences.end()) add(rule.breach.sustained, own);
  } else if (rule.breach.count == 0) {
    for (const auto time : times) add(time, 0);
    if (std::ranges::find(times, rule.breach.sustained) == times.end()) add(rule.breach.sustained, 0);
  }
  std::ranges::sort(out, {}, [](const Firmness& one) { return std::pair(one.confidence, one.sustained); });
  return out;
}

// What may be asked for instead: around what a value must keep now, or the shares that people choose.
std::vector<model::Objective> around(const model::Rule& rule) {
  std::vector<model::Objective> out;
  const bool whole = rule.objective.unit == model::Unit::ratio && !rule.objective.of_baseline;
  const auto add = [&](double bound) {
    if ((whole || rule.count) && bound >= 1 && bound != rule.objective.bound) return;  // nothing is more than all
    auto objective = rule.objective;
    // As people write them.
    objective.bound =
        bound == rule.objective.bound ? bound : std::strtod(fmt::format("{:.3g}", bound).c_str(), nullptr);
    if (std::ranges::find(out, objective) == out.end()) out.push_back(objective);
  };
  if (rule.share)
    for (const auto share : shares) add(share);
  else
    for (const auto factor : factors) add(factor * rule.objective.bound);
  add(rule.objective.bound);
  std::ranges::sort(out, [](const auto& one, const auto& other) {
    return model::badness(one.comparison, one.bound, {}) < model::badness(other.comparison, other.bound, {});
  });
  return out;
}

// True where the rule would have rolled it back, be it that nobody knows to which version.
bool fires(const Course& course) {
  const auto* cause = gravest(course);
  return cause != nullptr && cause->decision.brake != model::Brake::over;
}

// What was watched for a part of its window only, or could not be read, is no good release yet.
bool is_judged_whole(const Course& course) {
  return course.ending != Ending::superseded && course.ending != Ending::cut_short &&
         course.ending != Ending::unverified;
}

class Tuner {
 public:
  Tuner(const Tuning& tuning, const History& history) : tuning_(tuning), history_(history) {
    for (const auto& group : tuning.plan.groups)
      for (std::size_t i = 0; i < group->rules.size(); ++i)
        if (can_be_tuned(group->rules[i])) begin(group, i);
  }

  // Once for each objective, `for` or confidence, over answers that are asked for once.
  void look(const Release& release) {
    const auto group = core::group_for(release.spec, tuning_.plan.groups);
    if (!group || release.undone || release.spec.kind == model::ReleaseKind::rollback) return;
    metrics::ReadAhead ahead(history_.metrics, {(*group)->interval, *release.spec.live_at + (*group)->window});
    metrics::Remembering known(ahead);
    for (auto& tuned : out_)
      if (tuned.group == *group) judge(tuned, release, {known, history_.ends_at, history_.deadline});
  }

  std::vector<Tuned> done() {
    for (auto& tuned : out_) conclude(tuned);
    return std::move(out_);
  }

 private:
  void begin(const model::RuleGroupPtr& group, std::size_t index) {
    Tuned tuned;
    tuned.group = group;
    tuned.rule = index;
    for (auto& objective : around(group->rules[index])) tuned.candidates.push_back({objective, 0});
    tuned.firmness = firmness_of(group->rules[index]);
    out_.push_back(std::move(tuned));
    events_.emplace_back();
  }

  void judge(Tuned& tuned, const Release& release, const History& known) {
    const auto& rule = tuned.group->rules[tuned.rule];
    const auto now = replay(release, alone(*tuned.group, rule), known);
    if (!is_judged_whole(now) || !now.rules[0].worst) return;
    ++tuned.releases;
    tuned.worst.push_back(*now.rules[0].worst);
    if (rule.share && now.watch.rules[0].share)
      events_[static_cast<std::size_t>(&tuned - out_.data())].push_back(
          now.watch.rules[0].share->events.total /
          std::chrono::duration<double, std::ratio<60>>(tuned.group->window).count());
    const auto count = [&](auto& tried, const model::Rule& as) {
      bool was_broken = false;
      const auto course = replay(release, alone(*tuned.group, as), known, [&](const Course& so_far, Instant) {
        was_broken = was_broken || so_far.watch.rules[0].past.breached;
        return gravest(so_far) == nullptr;
      });
      tried.broken_before += was_broken ? 1U : 0U;
      tried.fired += fires(course) ? 1U : 0U;
    };
    for (auto& candidate : tuned.candidates) count(candidate, with(rule, candidate.objective));
    for (auto& firmness : tuned.firmness) count(firmness, with(rule, firmness));
  }

  void conclude(Tuned& tuned) {
    const auto& rule = tuned.group->rules[tuned.rule];
    std::ranges::sort(tuned.worst, [&](double one, double other) {
      return model::badness(rule.objective.comparison, one, rule.objective.bound) <
             model::badness(rule.objective.comparison, other, rule.objective.bound);
    });
    propose(tuned);
    auto& events = events_[static_cast<std::size_t>(&tuned - out_.data())];
    if (!rule.share || events.empty()) return;
    std::ranges::sort(events);
    tuned.events = events[events.size() / 2];
    for (const auto size : sizes)
      if (size > rule.objective.bound) tuned.unseen.push_back({size, seen_after(tuned, size)});
  }

  // What was seen of few releases may hide a rate that is much higher: its upper bound is what must be kept.
  void propose(Tuned& tuned) const {
    const auto count = static_cast<double>(tuned.releases);
    if (core::hidden_share({0, count}) > tuning_.wanted) {
      tuned.refused = fmt::format(
          "{} releases are too few to show that at most {:g}% are rolled back falsely: that takes {} without one",
          tuned.releases, 100 * tuning_.wanted,
          static_cast<int>(std::ceil(std::log(0.05) / std::log(1 - tuning_.wanted))));
      return;
    }
    for (const auto& [objective, fired, broken_before] : tuned.candidates) {
      // What is broken as a rule says nothing about a release.
      tuned.most = core::hidden_share({static_cast<double>(fired + broken_before), count});
      if (tuned.most > tuning_.wanted) continue;
      tuned.proposed = objective;
      return;
    }
    tuned.refused = "each of these is broken too often, by these releases or before them";
  }

  // By the judge itself, over a service of that traffic of which this share fails from live on.
  std::optional<Duration> seen_after(const Tuned& tuned, double size) const {
    const auto& rule = tuned.group->rules[tuned.rule];
    Release release;
    release.spec.id = "steady";
    release.spec.service = "steady";
    release.spec.environment = "steady";
    release.spec.version = "2";
    release.spec.previous_version = "1";
    release.spec.live_at = WallTime(std::chrono::hours(480'000));
    const auto group = alone(*tuned.group, rule);
    promql::Subject subject{"steady", "steady", "2", "1", {}, group->window, {}};
    const auto part = rule.share->part ? rule.share->part->render(subject) : Result<std::string>("");
    if (!part) return std::nullopt;
    SteadyService service(*part, *rule.share,
                          {*release.spec.live_at, std::min(tuned.events / 60, much), size, group->interval});
    const auto course = replay(release, group, {service, WallTime::max(), history_.deadline},
                               [](const Course& so_far, Instant) { return gravest(so_far) == nullptr; });
    const auto* cause = gravest(course);
    return cause == nullptr ? std::nullopt : std::optional(cause->decision.at - *release.spec.live_at);
  }

  const Tuning& tuning_;
  const History& history_;
  std::vector<Tuned> out_;
  std::vector<std::vector<double>> events_;  // in a minute, of each release; as many as `out_`
};

}  // namespace

std::vector<Tuned> tune(const Tuning& tuning, const History& history, const OnRelease& on_release) {
  Tuner tuner(tuning, history);
  for (std::size_t i = 0; i < tuning.plan.releases.size() && on_release(i); ++i) tuner.look(tuning.plan.releases[i]);
  return tuner.done();
}

}  // namespace guard::replay
