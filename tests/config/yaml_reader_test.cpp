// SPDX-License-Identifier: Apache-2.0
#include "guard/config/yaml_reader.hpp"

#include "guard/base/file.hpp"
#include "guard/config/load.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace guard::config {
namespace {

struct ReadResult {
  Source source;
  Diagnostics diagnostics;
  std::optional<Node> root;
};

ReadResult read(const std::string& text) {
  ReadResult result{Source("a.yml", text), {}, std::nullopt};
  result.root = read_yaml(Report(result.source, result.diagnostics));
  return result;
}

TEST(YamlReader, KeepsScalarsAsTheyAreWritten) {
  const auto result = read("a: 010\nb: yes\nc: 1.10\nd: 2026-01-31\ne: 'null'\n");
  ASSERT_TRUE(result.root);
  EXPECT_EQ(result.root->find("a")->text, "010");
  EXPECT_EQ(result.root->find("b")->text, "yes");
  EXPECT_EQ(result.root->find("c")->text, "1.10");
  EXPECT_EQ(result.root->find("d")->text, "2026-01-31");
  EXPECT_EQ(result.root->find("e")->text, "null");
  EXPECT_EQ(result.root->find("f"), nullptr);
}

TEST(YamlReader, TellsNothingFromAnEmptyText) {
  const auto result = read("a:\nb: ~\nc: ''\n");
  EXPECT_EQ(result.root->find("a")->kind, NodeKind::null);
  EXPECT_EQ(result.root->find("b")->kind, NodeKind::null);
  EXPECT_EQ(result.root->find("c")->kind, NodeKind::scalar);
}

TEST(YamlReader, GoesOnAfterWhatItRefuses) {
  const auto result = read("a: &x 1\nb: *x\nb: 2\n<<: { c: 1 }\nd: !!int 4\n");
  EXPECT_EQ(result.diagnostics.items.size(), 5U);
  ASSERT_TRUE(result.root);
  EXPECT_EQ(result.root->find("b")->kind, NodeKind::refused);
  EXPECT_EQ(result.root->find("c"), nullptr);
}

TEST(YamlReader, AnAliasOfItselfIsRefusedLikeAnyOther) {
  EXPECT_TRUE(read("a: &x [*x]\n").diagnostics.has_errors());
}

TEST(YamlReader, ReadsSeveralDocumentsWhereTheyAreAskedFor) {
  const Source source("a.yml", "---\na: 1\n---\n# nothing\n---\na: 1\nb: &x 2\n");
  Diagnostics diagnostics;
  const auto roots = read_yaml_documents(Report(source, diagnostics));
  ASSERT_EQ(roots.size(), 2U);
  EXPECT_EQ(source.position(roots[1].find("a")->key_offset).line, 6);
  EXPECT_EQ(diagnostics.items.size(), 1U);  // the anchor
}

TEST(YamlReader, ALineOutOfPlaceIsNoDocumentOfItsOwn) {
  for (const auto* text : {"a:\n  - b\n c: d\n", "a: b\n---\n[]\nc: d\n", "", "---\n"}) {
    const Source source("a.yml", text);
    Diagnostics diagnostics;
    EXPECT_TRUE(read_yaml_documents(Report(source, diagnostics)).empty()) << text;
    EXPECT_TRUE(diagnostics.has_errors()) << text;
  }
}

TEST(YamlReader, FindsABytePositionInsideBlocksAndQuotes) {
  const auto result = read("a: |\n    one\n    two 3\nb: \"x y\"\n");
  const auto& block = *result.root->find("a");
  const auto where = result.source.position(offset_in(result.source, block, block.text.find('3')));
  EXPECT_EQ(where.line, 3);
  EXPECT_EQ(where.column, 9);
  const auto& quoted = *result.root->find("b");
  EXPECT_EQ(result.source.position(offset_in(result.source, quoted, 2)).column, 7);
}

RC_GTEST_PROP(YamlReader, AnyTextIsReadOrRefusedWithAReason, (const std::string& text)) {
  const auto result = read(text);
  RC_ASSERT(result.root.has_value() || result.diagnostics.has_errors());
}

RC_GTEST_PROP(YamlReader, ARuleFileWithOneByteChangedIsReadOrRefusedWithAReason, ()) {
  static const auto good = *read_file(std::string(TESTDATA_DIR) + "/config/full/rules/full.yml");
  auto text = good;
  const auto at = *rc::gen::inRange(std::size_t{0}, text.size());
  text[at] = *rc::gen::elementOf(std::string(" \n\t:-{}[]\"'|&*!%@`,#x0"));
  const auto loaded = parse_rules(text, "a.yml");
  RC_ASSERT(loaded.value.has_value() != loaded.diagnostics.has_errors());
}

}  // namespace
}  // namespace guard::config
