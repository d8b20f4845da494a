// SPDX-License-Identifier: Apache-2.0
#include "tests/decisions/stepped_guard.hpp"

#include "guard/config/load.hpp"
#include "guard/replay/replay.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace guard::decisions {
namespace {

using namespace std::chrono_literals;

replay::Release release_of(const Scene& scene) {
  replay::Release release;
  release.spec.id = "r1";
  release.spec.service = scene.service;
  release.spec.environment = "production";
  release.spec.version = "2.0";
  release.spec.previous_version = "1.9";
  release.spec.live_at = scene.live;
  return release;
}

bool is_rolled_back(const replay::Course& course) {
  const auto* cause = replay::gravest(course);
  return cause != nullptr && cause->decision.kind == model::DecisionKind::rollback;
}

}  // namespace

model::RuleGroupPtr rule_group(const std::string& text) {
  const auto loaded = config::parse_rules(text, "benchmark.yml");
  if (!loaded.value) throw std::invalid_argument(config::format(loaded.diagnostics));
  return loaded.value->front();
}

Judged judge(const model::RuleGroupPtr& group, const Scene& scene, metrics::MetricsSource& source) {
  const replay::History history{source, WallTime::max(), 30s};
  const auto course = replay::replay(release_of(scene), group, history,
                                     [](const auto& so_far, Instant) { return !is_rolled_back(so_far); });
  const auto* cause = replay::gravest(course);
  if (cause == nullptr) return {fmt::format("{}: {}", to_string(course.watch.phase), course.reason), std::nullopt};
  Judged judged{fmt::format("{}: {}", to_string(cause->decision.kind), cause->decision.reason), std::nullopt};
  if (is_rolled_back(course)) judged.rolled_back = cause->decision.at - scene.live;
  return judged;
}

}  // namespace guard::decisions
