// SPDX-License-Identifier: Apache-2.0
#include "guard/preflight/subject.hpp"

#include "guard/core/beginning.hpp"
#include "guard/core/questions.hpp"

namespace guard::preflight {
namespace {

constexpr const char* any_boot = "preflight";

}  // namespace

model::ReleaseSpec live_since(const Situation& situation, WallTime since) {
  auto spec = situation.spec;
  spec.version = spec.previous_version;
  spec.previous_version.clear();
  spec.kind = model::ReleaseKind::feature;
  spec.live_at = since;
  return spec;
}

promql::Subject subject_of(const Situation& situation) {
  const auto spec = live_since(situation, situation.now.wall - situation.group->window);
  auto watch = core::announced(spec, situation.group, situation.now, any_boot);
  core::mark_live(watch, *spec.live_at, situation.now, any_boot);
  return watch.subject(situation.now);
}

std::vector<std::string> expressions_of(const Situation& situation) {
  const auto subject = subject_of(situation);
  std::vector<std::string> out;
  const auto add = [&](const std::optional<promql::TextTemplate>& text) {
    if (!text) return;
    if (auto expr = text->render(subject)) out.push_back(std::move(*expr));
  };
  for (const auto* rules : {&situation.group->rules, &situation.group->preflight})
    for (const auto& rule : *rules) {
      add(rule.expr);
      if (rule.share) {
        add(rule.share->part);
        add(rule.share->total);
      }
      if (rule.count) add(rule.count->events);
    }
  return out;
}

}  // namespace guard::preflight
