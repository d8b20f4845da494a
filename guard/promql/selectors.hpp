// SPDX-License-Identifier: Apache-2.0
//
// The selectors of an expression with all that moves them in time, as they are written. Not a parser: it reads as far
// as that needs, and takes text that is no PromQL for what it resembles. Pure; safe from any thread.
#pragma once

#include "guard/base/time.hpp"
#include "guard/promql/lexer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guard::promql {

enum class ModifierKind { range, subquery, offset, at };

struct Modifier {
  ModifierKind kind = ModifierKind::range;
  std::size_t begin = 0;  // of its bracket, word or sign
  std::string_view text;  // 5m of [5m] and of [5m:1m], -1d of offset -1d, end() of @ end()

  bool moves() const { return kind == ModifierKind::offset || kind == ModifierKind::at; }
  // How long the range, or back to where the offset looks (below zero: ahead). Nothing for a fixed time, and for what
  // only the server can work out, such as step() or a template's field.
  std::optional<Duration> length() const;
};

struct Selector {
  std::size_t begin = 0;
  std::string_view text;            // the metric name with its braces
  std::vector<Modifier> modifiers;  // its own, then those of the subqueries around it, outward
};

struct Selectors {
  std::vector<Selector> found;  // in order
  bool defines_names = false;   // WITH of MetricsQL: what looks like a metric may be a name that stands for another
};

// The selectors of `expr`, which must live as long as they do.
Selectors read_selectors(std::string_view expr, Syntax syntax);

// What stands between the commas of the braces of `selector`, which must live as long.
std::vector<std::string_view> matchers_of(std::string_view selector, Syntax syntax);

// `selector`, a metric name with its braces, with `matchers` in place of its own on the same labels.
std::string with_matchers(std::string_view selector, const std::vector<std::string>& matchers, Syntax syntax);

// `expr` with `matchers` in each of its selectors, as with_matchers has it.
std::string all_with_matchers(std::string_view expr, const std::vector<std::string>& matchers, Syntax syntax);

// What `text` means as a range or offset: a duration, or a number of seconds, which Prometheus reads since version 3.
std::optional<Duration> length_of(std::string_view text);

}  // namespace guard::promql
