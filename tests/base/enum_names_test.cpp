// SPDX-License-Identifier: Apache-2.0
#include "guard/base/log.hpp"
#include "tests/base/enum_table.hpp"

#include <gtest/gtest.h>

namespace guard {

enum class Fruit { apple, pear, quince };

template <>
struct EnumNames<Fruit> {
  static constexpr std::array table{EnumName<Fruit>{Fruit::apple, "apple"}, EnumName<Fruit>{Fruit::pear, "pear"}};
};

namespace {

TEST(EnumNames, EveryValueOfBaseHasOneName) {
  expect_complete_tables<LogLevel, LogFormat>();
}

TEST(EnumNames, AValueAndItsNameLeadToEachOther) {
  EXPECT_EQ(to_string(Fruit::pear), "pear");
  EXPECT_EQ(from_string<Fruit>("pear"), Fruit::pear);
  EXPECT_EQ(from_string<Fruit>("Pear"), std::nullopt);
  EXPECT_EQ(from_string<Fruit>(""), std::nullopt);
}

TEST(EnumNames, AllNamesStandInTheTablesOrder) {
  EXPECT_EQ(names_of<Fruit>, (std::array<std::string_view, 2>{"apple", "pear"}));
}

TEST(EnumNames, AValueWithoutANameIsNoticed) {
  EXPECT_EQ(to_string(Fruit::quince), "?");
  constexpr int fruits = count_enumerators<Fruit>(std::make_integer_sequence<int, most_enumerators>{});
  EXPECT_EQ(fruits, 3);
}

}  // namespace
}  // namespace guard
