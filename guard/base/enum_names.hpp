// SPDX-License-Identifier: Apache-2.0
//
// One table per enum gives both directions between a value and its name, so that a name is written once.
// Specialise EnumNames<E> with a constexpr `table` of {value, name}. Pure; safe from any thread.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace guard {

template <class E>
using EnumName = std::pair<E, std::string_view>;

template <class E>
struct EnumNames;  // struct EnumNames<E> { static constexpr std::array table{EnumName<E>{E::x, "x"}, …}; };

// The name of `value`. Every value of a named enum stands in its table; a test walks each table.
template <class E>
constexpr std::string_view to_string(E value)
  requires requires { EnumNames<E>::table; }
{
  const auto& table = EnumNames<E>::table;
  const auto* entry = std::find_if(table.begin(), table.end(), [&](const auto& e) { return e.first == value; });
  return entry == table.end() ? std::string_view{"?"} : entry->second;
}

// The name as people read it: "rolling back".
template <class E>
constexpr std::string in_words(E value) {
  std::string out(to_string(value));
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

// Every name, in the table's order.
template <class E>
inline constexpr auto names_of = [] {
  std::array<std::string_view, EnumNames<E>::table.size()> names{};
  std::ranges::transform(EnumNames<E>::table, names.begin(), [](const auto& entry) { return entry.second; });
  return names;
}();

// The value named `name`, or nothing.
template <class E>
constexpr std::optional<E> from_string(std::string_view name) {
  for (const auto& [value, text] : EnumNames<E>::table)
    if (text == name) return value;
  return std::nullopt;
}

}  // namespace guard
