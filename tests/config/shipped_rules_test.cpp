// SPDX-License-Identifier: Apache-2.0
//
// What ships is free of errors and warnings, and says what the release checklist says.
#include "guard/config/load.hpp"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::vector<model::RuleGroupPtr> load(const fs::path& file) {
  const std::vector files{file};
  auto loaded = load_rule_files(files);
  EXPECT_EQ(format(loaded.diagnostics), "");
  return loaded.value ? loaded.value->groups : std::vector<model::RuleGroupPtr>{};
}

TEST(ShippedRules, PassTheCheckWithoutAWarning) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(SOURCE_DIR) / "rules")) {
    const auto name = entry.path().filename().string();
    if (!name.ends_with(".yml") || name.ends_with(".test.yml")) continue;
    SCOPED_TRACE(entry.path().string());
    EXPECT_FALSE(load(entry.path()).empty());
    ++files;
  }
  EXPECT_GE(files, 2);
}

const model::Rule& rule_of(const model::RuleGroup& group, std::string_view slo) {
  const auto found = std::ranges::find(group.rules, slo, &model::Rule::slo);
  EXPECT_NE(found, group.rules.end()) << slo;
  return *found;
}

TEST(ShippedRules, OfMemeMakerAreTheReleaseChecklist) {
  const auto groups = load(fs::path(SOURCE_DIR) / "rules/meme-maker.yml");
  ASSERT_EQ(groups.size(), 1U);
  const auto& group = *groups[0];
  const auto objective = [&](std::string_view slo) { return model::objective_text(rule_of(group, slo)); };
  EXPECT_EQ(objective("error_rate"), "< 1%");
  EXPECT_EQ(objective("latency_p95"), "< 5%");
  EXPECT_EQ(objective("queue_depth"), "< 10");
  EXPECT_EQ(objective("cpu"), "< 70%");
  EXPECT_EQ(objective("memory"), "< 80%");
  EXPECT_EQ(objective("traffic"), ">= 50% of baseline");
  EXPECT_EQ(rule_of(group, "no_critical_alerts").kind, model::RuleKind::alerts);
  EXPECT_EQ(rule_of(group, "e2e").signal, "e2e");
  EXPECT_EQ(group.window, 2h);
  EXPECT_EQ(group.rollback, (model::RollbackSettings{"promote_to_prod", model::Mode::enforce, 30min, 1h}));
  EXPECT_TRUE(model::matches_all(group.match, {{"service", "meme-maker"}, {"environment", "production"}}));
  EXPECT_FALSE(model::matches_all(group.match, {{"service", "meme-maker"}, {"environment", "staging"}}));
}

// Renders every template of every rule for a release with an awkward name.
TEST(ShippedRules, RenderForAnyRelease) {
  promql::Subject subject;
  subject.service = "shop \"a\\b\"";
  subject.environment = "production";
  subject.version = "v1";
  subject.previous_version = "v0";
  subject.age = 10min;
  subject.extra = {{"value", "2%"}, {"objective", "< 1%"}, {"slo", "x"}};
  for (const auto* file : {"rules/fastapi.yml", "rules/meme-maker.yml", "rules/web-service.yml"}) {
    for (const auto& group : load(fs::path(SOURCE_DIR) / file)) {
      for (const auto& rule : group->rules) {
        SCOPED_TRACE(rule.slo);
        EXPECT_TRUE(!rule.expr || rule.expr->render(subject));
        EXPECT_TRUE(!rule.share || (rule.share->part->render(subject) && rule.share->total->render(subject)));
        EXPECT_TRUE(!rule.only_if || rule.only_if->render(subject));
        for (const auto& matcher : rule.alerts)
          EXPECT_TRUE(model::Matcher::parse(matcher.render(subject).value_or("")));
        for (const auto& [name, text] : rule.annotations) EXPECT_TRUE(text.render(subject)) << name;
      }
    }
  }
}

}  // namespace
}  // namespace guard::config
