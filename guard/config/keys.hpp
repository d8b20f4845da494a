// SPDX-License-Identifier: Apache-2.0
//
// Every key of every object in the guard's files, once: the parsers check against these tables, take their defaults
// from them and name the nearest key of a misspelt one; the reference documentation is held against them.
// Constants; safe from any thread.
#pragma once

#include "guard/config/value_type.hpp"

#include <array>
#include <span>
#include <string_view>

namespace guard::config {

enum class Need {
  required,   // always
  inherited,  // unless `defaults` sets it
  optional
};

struct KeyInfo {
  std::string_view name;
  ValueType type;
  Need need = Need::optional;
  std::string_view fallback;  // the value it has when it is absent, as one would write it; empty: none
  std::string_view meaning;
  std::string_view only_for = {};  // the rule kinds it applies to, if not to all: "expr, alerts"
  bool secret = false;             // people may write a secret there, so it is not shown to others (shown.hpp)
};

// A key that people will try because another system has it, and what to do instead.
struct RefusedKey {
  std::string_view name;
  std::string_view advice;
};

// One of the ways to write an object, told by the keys that it needs.
struct KindInfo {
  std::string_view name;  // as `only_for` says it
  std::string_view key;
  std::string_view other = {};  // the second key, if it needs two
};

struct ObjectInfo {
  std::string_view name;  // with its article: "a rule group"
  std::span<const KeyInfo> keys;
  std::span<const RefusedKey> refused = {};
  std::span<const KindInfo> kinds = {};  // an object is of exactly one of them, if there are any

  // The key's entry, or nullptr.
  const KeyInfo* find(std::string_view key) const;
};

namespace objects {
// Rule files.
extern const ObjectInfo rule_file, file_defaults, group, group_defaults, group_requires, group_passed, group_freeze,
    group_error_budget, group_detect, group_contacts, rollback, rule, remedy, preflight_rule, baseline;
// The configuration file.
extern const ObjectInfo settings, prometheus, alertmanager, basic_auth, authorization, tls, hook, command_hook,
    http_hook, receiver, token, on_behalf_of, web, web_tls, web_client, web_user, brakes, breaker, freeze, events,
    github_events;
// The file of --web.config.file.
extern const ObjectInfo web_file, web_file_tls, web_file_http;
// Test files of rules.
extern const ObjectInfo test_file, test, test_release, test_series, test_signal, test_moment, test_reading;
// The client file.
extern const ObjectInfo client_file;
}  // namespace objects

// What a test may expect to be decided about its release: `none`, or the name of a decision.
inline constexpr std::array<std::string_view, 8> test_decisions{"none", "rollback", "ask",      "hold",
                                                                "call", "pass",     "breached", "unverified"};
// What the pipeline of a test may have found.
inline constexpr std::array<std::string_view, 2> test_statuses{"succeeded", "failed"};

// Every object above, in the order in which the reference shows them.
std::span<const ObjectInfo* const> all_objects();

}  // namespace guard::config
