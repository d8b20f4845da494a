// SPDX-License-Identifier: Apache-2.0
//
// What options of several commands share: values read the guard's own way instead of CLI11's. Pure.
#pragma once

#include "guard/base/duration.hpp"
#include "guard/base/enum_names.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace guard::cli {

// An option whose text `parse` turns into the value; what it fails with is a usage error.
template <class Target, class Parse>
CLI::Option* add_parsed(CLI::App& command, const std::string& name, Target& target, const Parse& parse) {
  return command.add_option_function<std::string>(name, [name, &target, parse](const std::string& text) {
    auto value = parse(text);
    if (!value) throw CLI::ValidationError(name, value.error().message);
    target = std::move(*value);
  });
}

// A duration as Prometheus writes them.
template <class Target>
CLI::Option* add_duration(CLI::App& command, const std::string& name, Target& target) {
  return add_parsed(command, name, target, [](const std::string& text) { return parse_duration(text); })
      ->type_name("DURATION");
}

// An RFC 3339 time.
inline CLI::Option* add_time(CLI::App& command, const std::string& name, std::optional<WallTime>& target) {
  return add_parsed(command, name, target, [](const std::string& text) { return parse_time(text); })->type_name("TIME");
}

inline std::unexpected<Error> not_one_of(const std::string& text, const std::string& known) {
  return fail(ErrorCode::invalid, "\"" + text + "\" is not one of " + known);
}

// One of a few words.
inline CLI::Option* add_word(CLI::App& command, const std::string& name, std::string& target,
                             const std::vector<std::string>& words) {
  std::string known;
  for (const auto& word : words) known += (known.empty() ? "" : "|") + word;
  return add_parsed(command, name, target,
                    [words, known](const std::string& text) -> Result<std::string> {
                      if (std::find(words.begin(), words.end(), text) != words.end()) return text;
                      return not_one_of(text, known);
                    })
      ->type_name(known);
}

// "a|b|c" of a named enum, for a message or as the name of an option's type.
template <class E>
std::string choices() {
  std::string out;
  for (const auto& [value, name] : EnumNames<E>::table) {
    if (!out.empty()) out += '|';
    out += name;
  }
  return out;
}

// One of the names of an enum.
template <class E, class Target>
CLI::Option* add_choice(CLI::App& command, const std::string& name, Target& target) {
  return add_parsed(command, name, target,
                    [](const std::string& text) -> Result<E> {
                      if (const auto value = from_string<E>(text)) return *value;
                      return not_one_of(text, choices<E>());
                    })
      ->type_name(choices<E>());
}

// As above, once for each of several.
template <class E>
CLI::Option* add_choices(CLI::App& command, const std::string& name, std::vector<E>& target) {
  const auto take = [name, &target](const std::vector<std::string>& texts) {
    for (const auto& text : texts) {
      const auto value = from_string<E>(text);
      if (!value) throw CLI::ValidationError(name, not_one_of(text, choices<E>()).error().message);
      target.push_back(*value);
    }
  };
  return command.add_option_function<std::vector<std::string>>(name, take)
      ->type_name(choices<E>())
      ->allow_extra_args(false);
}

}  // namespace guard::cli
