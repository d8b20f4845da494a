// SPDX-License-Identifier: Apache-2.0
#include "guard/config/file_defaults.hpp"

#include <utility>

namespace guard::config {
namespace {

template <class T>
void take(std::optional<T>& target, std::optional<T> value) {
  if (value) target = std::move(value);
}

// What stands in for defaults that were given and cannot be read, so that the groups are not told that they lack them.
constexpr RuleDefaults reported_rule_defaults{
    model::MissingPolicy::hold, model::MissingPolicy::hold, {}, {}, {}, {}, {}, {}, {}, {}, {}};

RollbackDefaults reported_rollback() {
  return {"", model::Mode::observe, {}, {}};
}

FileDefaults reported_defaults() {
  return {{true, {}}, {true, {}}, {true, {}}, reported_rollback(), reported_rule_defaults};
}

}  // namespace

GivenTime read_given_time(const ObjectReader& object, std::string_view key) {
  return {object.given(key), object.duration(key)};
}

RollbackDefaults read_rollback(const ObjectReader& object, RollbackDefaults outer) {
  if (object.given("hook")) outer.hook = object.text("hook").value_or("");
  if (object.given("mode")) outer.mode = object.choice<model::Mode>("mode").value_or(model::Mode::observe);
  take(outer.verify, object.duration("verify"));
  take(outer.cooldown, object.duration("cooldown"));
  if (object.find("verify") != nullptr && outer.verify == Duration{0})
    object.error("verify", "`verify` must be longer than 0s; the objectives need time to hold again");
  return outer;
}

namespace {

RollbackDefaults read_rollback_defaults(const ObjectReader& defaults) {
  if (!defaults.given("rollback")) return {};
  const auto* node = defaults.find("rollback");
  if (node == nullptr) return reported_rollback();
  const ObjectReader object(defaults.report(), *node, objects::rollback);
  return node->kind == NodeKind::map ? read_rollback(object, {}) : reported_rollback();
}

}  // namespace

FileDefaults read_file_defaults(const ObjectReader& file) {
  if (!file.given("defaults")) return {};
  const auto* node = file.find("defaults");
  if (node == nullptr) return reported_defaults();
  const ObjectReader object(file.report(), *node, objects::file_defaults);
  if (node->kind != NodeKind::map) return reported_defaults();
  return {read_given_time(object, "window"), read_given_time(object, "settle"), read_given_time(object, "interval"),
          read_rollback_defaults(object), read_rule_defaults(object, {})};
}

RuleDefaults read_group_defaults(const ObjectReader& group, const RuleDefaults& outer) {
  const auto* node = group.find("defaults");
  if (node == nullptr) return reported_rule_defaults;
  const ObjectReader object(group.report(), *node, objects::group_defaults);
  return node->kind == NodeKind::map ? read_rule_defaults(object, outer) : reported_rule_defaults;
}

}  // namespace guard::config
