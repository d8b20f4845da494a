// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/stepped_guard.hpp"

#include "guard/config/load.hpp"
#include "guard/core/brakes.hpp"
#include "guard/core/reviewer.hpp"
#include "guard/core/round.hpp"

#include <stdexcept>

namespace guard::decisions {
namespace {

using namespace std::chrono_literals;

// As an announcement without a time of its own has it: instances restart in the minute before live.
constexpr Duration switch_time = 1min;

Instant since_live(const Scene& scene, Duration since) {
  return Instant{scene.live, MonoTime(1h)} + since;
}

model::Watch watch_of(const model::RuleGroupPtr& group, const Scene& scene) {
  model::Watch watch;
  watch.spec.id = "r1";
  watch.spec.service = scene.service;
  watch.spec.environment = "production";
  watch.spec.version = "2.0";
  watch.spec.previous_version = "1.9";
  watch.phase = model::Phase::settling;
  watch.phase_since = watch.announced_at = scene.live;
  watch.switch_began = scene.live - switch_time;
  watch.live_at = scene.live;
  watch.clock.start(since_live(scene, Duration{0}), "boot");
  watch.group = group;
  watch.rules.resize(group->rules.size());
  return watch;
}

core::Answers answers(const model::Watch& watch, const Source& source, Instant now) {
  core::Answers out;
  out.asked = core::ask(watch, core::Part::measured, now);
  std::vector<core::Answered> so_far;
  for (const auto& question : out.asked.queries) {
    // The answers that a question may become needless by are those of its own rule.
    if (!so_far.empty() && so_far.back().question.rule != question.rule) so_far.clear();
    if (core::is_needless(question, so_far, out.asked.subject)) continue;
    // Hours of the past make no question needless, and are not copied.
    if (core::is_past(question)) {
      out.keep(question, source(question));
      continue;
    }
    so_far.push_back({question, source(question)});
    out.keep(question, so_far.back().samples);
  }
  return out;
}

void review(model::Watch& watch, Instant now) {
  const core::Fleet alone;
  while (const auto next = core::review(watch, core::brake_state(alone, watch, {}, now), now))
    watch = core::apply(std::move(watch), *next, now);
}

}  // namespace

model::RuleGroupPtr rule_group(const std::string& text) {
  const auto loaded = config::parse_rules(text, "benchmark.yml");
  if (!loaded.value) throw std::invalid_argument(config::format(loaded.diagnostics));
  return loaded.value->front();
}

Judged judge(const model::RuleGroupPtr& group, const Scene& scene, const Source& source) {
  Judged out{watch_of(group, scene), std::nullopt};
  for (auto age = group->interval; age <= group->window; age += group->interval) {
    const auto now = since_live(scene, age);
    if (auto reading = core::read(out.watch, answers(out.watch, source, now))) out.watch = std::move(reading->watch);
    review(out.watch, now);
    if (out.watch.phase == model::Phase::rolling_back) {
      out.rolled_back = age;
      return out;
    }
    if (model::is_final(out.watch.phase)) return out;
  }
  return out;
}

}  // namespace guard::decisions
