// SPDX-License-Identifier: Apache-2.0
//
// Files in the manner of those that people have, and what becomes of them: `x.FORMAT.yml` becomes `x.FORMAT.rules.yml`
// beside it, and `x.FORMAT.left.txt` is what is said of the rest.
#include "guard/base/file.hpp"
#include "guard/config/load.hpp"
#include "guard/importing/import.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::importing {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path folder = fs::path(SOURCE_DIR) / "tests/importing/data";

Imported imported(const std::string& text, const std::optional<std::string>& format = std::nullopt,
                  const std::string& path = "given.yml") {
  const std::vector sources{config::Source(path, text)};
  return import(sources, format);
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().stem();
    if (entry.path().extension() == ".yml" && name.extension() != ".rules") out.push_back(name);
  }
  return out;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, BecomesWhatStandsBesideIt) {
  const auto text = *read_file(folder / (GetParam() + ".yml"));
  const auto got = imported(text, std::nullopt, GetParam() + ".yml");
  EXPECT_EQ(got.text, read_file(folder / (GetParam() + ".rules.yml")).value_or(""));
  EXPECT_EQ(config::format(got.left), read_file(folder / (GetParam() + ".left.txt")).value_or(""));
}

TEST_P(Golden, IsARuleFileWithoutErrors) {
  const auto text = *read_file(folder / (GetParam() + ".rules.yml"));
  const auto parsed = config::parse_rules(text, GetParam());
  EXPECT_TRUE(parsed.value.has_value());
  EXPECT_FALSE(parsed.diagnostics.has_errors()) << config::format(parsed.diagnostics);
}

TEST_P(Golden, IsRecognisedByItsContent) {
  const auto text = *read_file(folder / (GetParam() + ".yml"));
  const auto format = fs::path(GetParam()).extension().string().substr(1);
  const auto rules = [](const Imported& got) { return got.text.substr(0, got.text.find("\n# Not carried over")); };
  EXPECT_EQ(rules(imported(text, format)), rules(imported(text)));
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(names()), [](const auto& info) {
  auto name = info.param;
  std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
});

TEST(Import, SeveralFilesSpeakOfEachOther) {
  const std::vector sources{
      config::Source("a.yml",
                     "apiVersion: flagger.app/v1beta1\nkind: MetricTemplate\nmetadata: { name: depth }\n"
                     "spec: { query: 'max(depth{app=\"{{ target }}\"})' }\n"),
      config::Source(
          "b.yml",
          "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: shop }\n"
          "spec: { analysis: { metrics: [{ name: depth, templateRef: { name: depth }, thresholdRange: { max: "
          "5 } }] } }\n")};
  const auto got = import(sources, std::nullopt);
  EXPECT_EQ(got.rules, 1U);
  EXPECT_THAT(got.text, HasSubstr("max(depth{app=\"shop\"})"));
  EXPECT_EQ(config::format(got.left), "");
}

TEST(Import, WhatCannotBeReadIsAnErrorAndNothingIsWritten) {
  const auto got = imported("groups: [\n");
  EXPECT_TRUE(got.unread.has_errors());
  EXPECT_EQ(got.text, "");
}

TEST(Import, WhatIsNotRecognisedIsSaid) {
  const auto got = imported("hello: world\n");
  EXPECT_EQ(got.rules, 0U);
  EXPECT_THAT(config::format(got.left), HasSubstr("given.yml:1:1: warning: rule \"this document\": nothing that is"));
}

TEST(Import, AListOfResourcesIsWhatStandsInIt) {
  const auto got = imported(
      "kind: List\napiVersion: v1\nitems:\n- apiVersion: monitoring.coreos.com/v1\n  kind: PrometheusRule\n"
      "  spec: { groups: [{ name: a, rules: [{ alert: A, expr: max(x) > 1 }] }] }\n");
  EXPECT_EQ(got.rules, 1U);
}

// Words of others stand in comments and in texts; none may become a part of the file.
TEST(Import, WordsOfOthersStayWhatTheyAre) {
  const auto got = imported(
      "groups: [{ name: a, rules: [{ alert: \"A\\n      - slo: b\", expr: \"max(x) > 1\", annotations: { summary: "
      "\"a: 'b' # \\\"c\\\" \\\\ é\", lines: \"one\\ntwo: - x\\n  three\" } },\n"
      "{ alert: \"B\\\"\\\\\", expr: \"x or y\", labels: { severity: \"a\\\"b\" } }] }]\n");
  const auto parsed = config::parse_rules(got.text, "out.yml");
  ASSERT_TRUE(parsed.value) << config::format(parsed.diagnostics) << got.text;
  ASSERT_EQ(parsed.value->front()->rules.size(), 2U);
  const auto& rule = parsed.value->front()->rules[0];
  EXPECT_EQ(rule.annotations.at("summary").source(), "a: 'b' # \"c\" \\ é");
  EXPECT_EQ(rule.annotations.at("lines").source(), "one\ntwo: - x\n  three\n");
}

TEST(Import, EachServiceHasAGroupAndTheGeneralOneComesLast) {
  const auto sloth = [](const std::string& service) {
    return "version: prometheus/v1\nservice: " + service +
           "\nslos: [{ name: a, objective: 99, sli: { raw: { error_ratio_query: max(x) } } }]\n";
  };
  const auto got = imported("groups: [{ name: a, rules: [{ alert: A, expr: max(x) > 1 }] }]\n---\n" + sloth("one") +
                            "---\n" + sloth("two"));
  const auto parsed = config::parse_rules(got.text, "out.yml");
  ASSERT_TRUE(parsed.value);
  std::vector<std::string> found;
  for (const auto& group : *parsed.value) found.push_back(group->name);
  EXPECT_THAT(found, testing::ElementsAre("imported-two", "imported-one", "imported"));
}

}  // namespace
}  // namespace guard::importing
