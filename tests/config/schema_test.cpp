// SPDX-License-Identifier: Apache-2.0
#include "guard/config/schema.hpp"

#include "guard/config/schema_types.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::config {
namespace {

constexpr std::array<std::string_view, 2> words{"hold", "ignore"};
constexpr std::array part_keys{KeyInfo{"over", "duration", Need::required, "", "how long"}};
constexpr ObjectInfo part{"a part", part_keys};

json::value schema_of(const KeyInfo& key) {
  const std::array keys{key};
  return object_schema({"an object", keys}).at("properties").at(key.name);
}

TEST(Schema, EveryTypeInTheTablesIsKnown) {
  for (const auto* object : all_objects())
    for (const auto& key : object->keys)
      EXPECT_TRUE(key.type.object != nullptr || !key.type.words.empty() || find_type(key.type.name) != nullptr)
          << object->name << " " << key.name;
}

TEST(Schema, ADefaultIsAValueAndOneThatDependsIsSaid) {
  EXPECT_EQ(schema_of({"attempts", "number", Need::optional, "3", "how often"}).at("default"), 3);
  EXPECT_EQ(schema_of({"push", "true or false", Need::optional, "true", "told"}).at("default"), true);
  const auto depends = schema_of({"max_age", "duration", Need::optional, "2m for expr", "how old"});
  EXPECT_FALSE(depends.as_object().contains("default"));
  EXPECT_EQ(depends.at("description"), "how old; by default 2m for expr");
}

TEST(Schema, AKeySaysWhatItAppliesToAndWhereItMayStand) {
  EXPECT_EQ(schema_of({"for", one_of(words), Need::inherited, "", "how long", "expr"}).at("description"),
            "how long (for expr); required, here or in `defaults`");
}

TEST(Schema, WordsAreAnEnum) {
  const auto one = schema_of({"policy", one_of(words), Need::optional, "", "what then"});
  EXPECT_EQ(one.at("enum"), (json::array{"hold", "ignore"}));
  const auto several = schema_of({"policies", list_of("list of policies", words), Need::optional, "", "what then"});
  EXPECT_EQ(several.at("items").at("enum"), (json::array{"hold", "ignore"}));
}

TEST(Schema, AnObjectMayStandAloneInAListOrEither) {
  const json::value whole = object_schema(part);
  EXPECT_EQ(schema_of({"a", one(part), Need::optional, "", "one"}).at("required"), json::array{"over"});
  EXPECT_EQ(schema_of({"a", list_of("list of parts", part), Need::optional, "", "some"}).at("items"), whole);
  const auto either = schema_of({"a", one_or_list_of("object or list of objects", part), Need::optional, "", "any"});
  EXPECT_EQ(either.at("anyOf").at(0), whole);
  EXPECT_EQ(either.at("anyOf").at(1).at("items"), whole);
}

TEST(Schema, AnObjectOfKindsIsOfExactlyOneAndAKeyGoesWithItsOwn) {
  const std::array kinds{KindInfo{"expr", "expr"}, KindInfo{"share", "bad", "total"}};
  const std::array keys{KeyInfo{"for", "duration", Need::optional, "", "how long", "expr"}};
  const auto schema = object_schema({"a rule", keys, {}, kinds});
  const json::object expr{{"required", json::array{"expr"}}};
  EXPECT_EQ(schema.at("oneOf"), (json::array{expr, {{"required", {"bad", "total"}}}}));
  EXPECT_EQ(schema.at("dependencies").at("for").at("anyOf"), json::array{expr});
}

}  // namespace
}  // namespace guard::config
