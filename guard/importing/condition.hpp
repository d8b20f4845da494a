// SPDX-License-Identifier: Apache-2.0
//
// Conditions of others as a value and the objective that it must keep: an alert fires where something is broken, an
// objective says what must hold. Pure; safe from any thread.
#pragma once

#include "guard/importing/material.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace guard::importing {

// The value of `expr`, which is broken where it stands in `comparison` to `bound`. A share of events that can be
// counted from its counters becomes one.
void put_broken_where(Draft& draft, std::string_view expr, model::Comparison comparison, double bound);

// The same, broken unless it does.
void put_held_where(Draft& draft, std::string_view expr, model::Comparison comparison, double bound);

// Two queries that count events: a part of them, and all.
struct Counts {
  std::string part;
  std::string total;
  bool good = false;  // the part is that of the good ones; else of the bad ones
};

// The share of bad events, which must not be above `most`. What is no plain sum of counters stays a query.
void put_share(Draft& draft, const Counts& counts, double most);

// The same of queries that count nothing that only grows: they stay what they are.
void put_quotient(Draft& draft, const Counts& counts, double most);

// Why an alert is no objective.
struct NoObjective {
  std::string why;
  bool tells = true;  // false: it fires, or does not, whatever a release does
};

// What `expr`, which has a result where an alert fires, comes to.
std::expected<void, NoObjective> put_alert(Draft& draft, std::string_view expr);

// The action of a severity: rollback where it is critical, else a warning.
std::string action_of(std::string_view severity);

// How long `draft` needs until its first verdict, where that is longer than a watch; else nothing.
std::optional<std::string> too_slow(const Draft& draft);

}  // namespace guard::importing
