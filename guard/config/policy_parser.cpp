// SPDX-License-Identifier: Apache-2.0
#include "guard/config/policy_parser.hpp"

namespace guard::config {
namespace {

void read_passed(const ObjectReader& reader, model::Requirement& requirement) {
  requirement.stood = reader.duration_or_default("for");
  if (reader.given("for") && !reader.given("passed"))
    reader.error("for", "`for` says how long the version must have stood where it has passed; give `passed` as well");
  const auto* where = reader.find("passed");
  if (where == nullptr) return;
  const ObjectReader passed(reader.report(), *where, objects::group_passed);
  if (where->kind == NodeKind::map) requirement.environment = passed.text_or_default("environment");
}

}  // namespace

std::optional<model::Requirement> read_requirement(const ObjectReader& group) {
  const auto* node = group.find("requires");
  if (node == nullptr) return std::nullopt;
  const ObjectReader reader(group.report(), *node, objects::group_requires);
  if (node->kind != NodeKind::map) return std::nullopt;
  model::Requirement requirement;
  read_passed(reader, requirement);
  const auto within = reader.duration("preflight");
  requirement.preflight = within.value_or(Duration{0});
  if (within == Duration{0})
    reader.error("preflight", "`preflight` must be longer than 0s; leave it out where none is asked for");
  if (!reader.given("passed") && !reader.given("preflight"))
    group.error("requires", "`requires` asks for nothing; give `passed`, `preflight` or both");
  requirement.action = reader.choice<model::UnmetAction>("action").value_or(model::UnmetAction::refuse);
  requirement.allow = {model::ReleaseKind::rollback};
  if (reader.given("allow")) requirement.allow = reader.choices<model::ReleaseKind>("allow");
  return requirement;
}

std::optional<model::FreezePolicy> read_freeze_policy(const ObjectReader& group) {
  const auto* node = group.find("freeze");
  if (node == nullptr) return std::nullopt;
  const ObjectReader freeze(group.report(), *node, objects::group_freeze);
  if (node->kind != NodeKind::map) return std::nullopt;
  model::FreezePolicy policy;
  policy.lasts = freeze.positive_duration_or_default("for");
  policy.after = freeze.choices<model::Change>("after");
  policy.allow = freeze.given("allow") ? freeze.choices<model::ReleaseKind>("allow") : model::allowed_in_freezes;
  return policy;
}

model::Contacts read_contacts(const ObjectReader& group) {
  const auto* node = group.find("contacts");
  if (node == nullptr) return {};
  const ObjectReader contacts(group.report(), *node, objects::group_contacts);
  if (node->kind != NodeKind::map) return {};
  if (node->children.empty()) group.error("contacts", "`contacts` names nobody; give a `primary`");
  model::Contacts out;
  out.primary = contacts.text("primary").value_or("");
  out.secondary = contacts.text("secondary").value_or("");
  out.lead = contacts.text("lead").value_or("");
  return out;
}

}  // namespace guard::config
