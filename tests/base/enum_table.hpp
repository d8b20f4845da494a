// SPDX-License-Identifier: Apache-2.0
//
// Holds an EnumNames table against its enum: every value has a name, every name is its own, and each leads to the
// other. The compiler's own spelling of a value tells whether it is an enumerator: E::x if it is, (E)7 if not.
#pragma once

#include "guard/base/enum_names.hpp"

#include <set>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace guard {

template <auto value>
constexpr bool is_enumerator() {
  constexpr std::string_view mark = "value = ";
  const std::string_view spelled = __PRETTY_FUNCTION__;
  return spelled[spelled.find(mark) + mark.size()] != '(';
}

inline constexpr int most_enumerators = 64;

template <class E, int... numbers>
constexpr int count_enumerators(std::integer_sequence<int, numbers...>) {
  return (0 + ... + (is_enumerator<static_cast<E>(numbers)>() ? 1 : 0));
}

template <class E>
void expect_complete_table() {
  constexpr int enumerators = count_enumerators<E>(std::make_integer_sequence<int, most_enumerators>{});
  const auto& table = EnumNames<E>::table;
  EXPECT_EQ(table.size(), static_cast<std::size_t>(enumerators)) << __PRETTY_FUNCTION__;
  std::set<E> values;
  std::set<std::string_view> names;
  for (const auto& [value, name] : table) {
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(values.insert(value).second) << name << " stands for a value that has a name already";
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
    EXPECT_EQ(to_string(value), name);
    EXPECT_EQ(from_string<E>(name), value);
  }
}

template <class... Es>
void expect_complete_tables() {
  (expect_complete_table<Es>(), ...);
}

}  // namespace guard
